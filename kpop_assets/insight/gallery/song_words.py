"""What the numbers of composed songs say, in words."""

from collections.abc import Mapping
from math import isfinite

from kpop_assets.insight.gallery.song_content import Band, CopiedRun, SongsQuality
from kpop_assets.songs.likeness import COPIED_ONSETS
from kpop_assets.songs.song_measures import MEASURES

_CALLED = {"sample": "the sample songs", "folder": "your songs"}
_CLAUSES = {
    "repetition_8": (
        "repeats less than {0} do",
        "repeats as much as {0} do",
        "repeats more than {0} do",
    ),
    "scale_consistency": (
        "leaves its scale more",
        "keeps to one scale as much",
        "keeps to one scale more",
    ),
    "groove_consistency": (
        "has a less steady rhythm",
        "has as steady a rhythm",
        "has a steadier rhythm",
    ),
    "notes_an_onset": (
        "has fewer notes at a time",
        "has as many notes at a time",
        "has more notes at a time",
    ),
}
"""Less than others, as much, more."""


def songs_called(sites: str) -> str:
    """Return what the songs are called that a network learned from: composed ones never real."""
    return _CALLED.get(sites, "the songs learned from")


def compared(value: float, band: Band) -> int:
    """Return -1, 0 or 1: below, within or above one spread around the mean of other songs."""
    if abs(value - band.real) <= band.spread:
        return 0
    return 1 if value > band.real else -1


def in_words(measures: Mapping[str, float], bands: Mapping[str, Band], called: str) -> str:
    """Return a sentence on the measures of a song beside others; "" where nothing is known."""
    clauses = [
        words[compared(measures[name], bands[name]) + 1].format(called)
        for name, words in _CLAUSES.items()
        if name in bands and isfinite(measures.get(name, float("nan")))
    ]
    if not clauses:
        return ""
    text = " and ".join([", ".join(clauses[:-1]), clauses[-1]] if len(clauses) > 1 else clauses)
    return f"{text[0].upper()}{text[1:]}."


def copied_words(copied: CopiedRun | None) -> str:
    """Return a sentence on the longest run that a training song has too."""
    if copied is None:
        return "The longest copied run is known once song_quality is materialized."
    if not copied.onsets:
        return "No two notes or chords follow each other as in a training song, in any key."
    return f"Longest run copied in any key: {copied.onsets} notes or chords, from “{copied.title}”."


def is_copy(copied: CopiedRun | None) -> bool:
    """Return whether a run is so long that the song is called a copy."""
    return copied is not None and copied.onsets >= COPIED_ONSETS


def rows_of_numbers(
    measures: Mapping[str, float], bands: Mapping[str, Band]
) -> list[tuple[str, str, str, str]]:
    """Return title, value, those of other songs and a word, a row a measure, "" where unknown."""
    word = {-1: "less", 0: "alike", 1: "more"}
    rows = []
    for measure in MEASURES:
        value, band = measures.get(measure.name, float("nan")), bands.get(measure.name)
        there = isfinite(value)
        others = (
            ""
            if band is None
            else f"{measure.form.format(band.real)} ± {measure.form.format(band.spread)}"
        )
        rows.append(
            (
                measure.title,
                measure.form.format(value) if there else "",
                others,
                word[compared(value, band)] if there and band is not None else "",
            )
        )
    return rows


def quality_words(quality: SongsQuality, called: str) -> list[str]:
    """Return sentences on what the network foretells, and on all its songs together."""
    sentences = []
    if quality.bits is not None and quality.ngram_bits is not None:
        verdict = "less" if quality.bits < quality.ngram_bits else "no less"
        sentences.append(
            f"Songs that it did not learn from ({quality.on}) surprise the network by "
            f"{quality.bits:.1f} bits for each note or chord, {verdict} than the "
            f"{quality.ngram_bits:.1f} of a plain count of what follows what."
        )
    elif quality.ngram_bits is not None:
        sentences.append(
            "How much songs that it did not learn from surprise the network is not measurable "
            "with its recipe. A plain count of what follows what is surprised by "
            f"{quality.ngram_bits:.1f} bits for each note or chord."
        )
    if quality.bits is not None and quality.memory_bits is not None:
        verdict = "more" if quality.bits < quality.memory_bits else "no more"
        sentences.append(
            "A count that remembers what the song played before is surprised by "
            f"{quality.memory_bits:.1f}, {verdict} than the network."
        )
    bands = {
        name: band
        for name, band in quality.measures.items()
        if all(map(isfinite, (band.generated, band.real, band.spread)))
    }
    if bands:
        inside = sum(compared(band.generated, band) == 0 for band in bands.values())
        sentences.append(
            f"On average over {quality.songs} composed songs, {inside} of {len(bands)} measures "
            f"are within one standard deviation of {called}."
        )
    return sentences
