"""Forms of songs, and the styles in which they are played."""

from dataclasses import dataclass

from kpop_assets.sample_world.songs.rhythms import Energy

Part = tuple[str, int]
"""A section by its name, and its bars."""

FORMS: dict[str, tuple[Part, ...]] = {
    "AABA": (("A", 16), ("A", 16), ("B", 16), ("A", 16)),
    "short AABA": (("A", 8), ("A", 8), ("B", 8), ("A", 8)),
    "intro-AABA": (("intro", 4), ("A", 8), ("A", 8), ("B", 8), ("A", 8)),
    "verse-chorus": (("verse", 8), ("chorus", 8), ("verse", 8), ("chorus", 8)),
    "intro-verse-chorus": (
        *(("intro", 4), ("verse", 8), ("chorus", 8)),
        *(("verse", 8), ("chorus", 8)),
    ),
    "intro-verse-chorus-bridge": (
        *(("intro", 4), ("verse", 8), ("chorus", 8), ("verse", 8), ("chorus", 8)),
        *(("bridge", 8), ("chorus", 8)),
    ),
    "verse-pre-chorus": (
        *(("verse", 8), ("pre", 4), ("chorus", 8)),
        *(("verse", 8), ("pre", 4), ("chorus", 8), ("chorus", 8)),
    ),
}
"""Each is followed by an ending of four bars."""

LOUD = frozenset({"chorus", "B"})
TRANSITIONS = frozenset({"bridge", "pre", "B"})
"""Sections that lead on: they end open."""


@dataclass(frozen=True)
class Style:
    """How a song is played: tempi, rhythms and the hands' patterns of soft and loud sections."""

    bpm: tuple[int, int]
    energy: tuple[Energy, Energy]
    left: tuple[tuple[str, ...], tuple[str, ...]]
    right: tuple[tuple[str, ...], tuple[str, ...]]
    bar: int = 16


STYLES: dict[str, Style] = {
    "ballad": Style(
        (70, 88),
        ("calm", "flowing"),
        (("arpeggio", "slow arpeggio", "open"), ("arpeggio", "rolling", "halves", "blocks")),
        (("bare", "beats", "full"), ("full", "octaves")),
    ),
    "mid-tempo": Style(
        (86, 112),
        ("flowing", "flowing"),
        (("held", "stride", "open", "block"), ("pushed", "blocks", "chords")),
        (("beats", "comped", "full"), ("full", "octaves")),
    ),
    "dance": Style(
        (112, 150),
        ("lively", "flowing"),
        (("broken octaves", "held", "pushed", "block"), ("pushed", "offbeats", "blocks")),
        (("thirds", "beats", "full"), ("octaves", "full")),
    ),
    "hymn": Style(
        (72, 104),
        ("calm", "calm"),
        (("block", "held", "halves"), ("blocks", "block")),
        (("full", "beats"), ("full", "octaves")),
    ),
    "waltz": Style(
        (84, 138),
        ("calm", "flowing"),
        (("arpeggio", "waltz", "open"), ("waltz", "held", "arpeggio")),
        (("bare", "thirds", "beats"), ("full", "octaves")),
        bar=12,
    ),
}
ORDER = (
    "mid-tempo",
    "ballad",
    "dance",
    "hymn",
    "mid-tempo",
    "ballad",
    "dance",
    "waltz",
    "hymn",
    "dance",
)
"""The styles that the songs take in turn."""
