"""What songs cost the n-gram model, which a network has to beat."""

from collections.abc import Sequence

from kpop_assets.models.songs.judge import onsets_of
from kpop_assets.songs.ngrams import NGrams
from kpop_assets.songs.tokens import Tokens


def ngram_bits(songs: Sequence[Tokens], held_out: Sequence[Tokens]) -> float:
    """Return the bits an onset of all songs held out, for n-grams counted in songs in all keys."""
    ngrams = NGrams(songs)
    bits = sum(float(ngrams.bits(tokens).sum()) for tokens in held_out)
    return bits / sum(map(onsets_of, held_out))
