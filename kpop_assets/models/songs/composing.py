"""Songs that a network composes, as songs that can be played."""

from kpop_assets.models.songs.generation import SongWish, generate
from kpop_assets.models.songs.network import SongNetwork
from kpop_assets.songs.song import ASSUMED_BPM, Song, in_order
from kpop_assets.songs.tokens import Tokens, decoded, encoded


def composed(network: SongNetwork, wish: SongWish, seed: int, bpm: float = ASSUMED_BPM) -> Song:
    """Return a song of a network, the same for the same seed; raises SongSettingError."""
    return Song(in_order(decoded(generate(network, wish, seed))), bpm)


def opening(tokens: Tokens, sixteenths: int) -> Tokens:
    """Return the tokens, from BEGIN to END, of what a song strikes in its first sixteenths."""
    notes = decoded(tokens)
    return encoded(notes[notes[:, 0] < sixteenths])
