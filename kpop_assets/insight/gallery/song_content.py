"""What the gallery page shows of songs, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kpop_assets.insight.gallery.content import Film
from kpop_assets.songs.showing.piano_roll import Layout


@dataclass(frozen=True)
class CopiedRun:
    """The longest run of onsets that a training song has too, in any key, and of which song."""

    onsets: int
    title: str


@dataclass(frozen=True)
class ComposedSong:
    """A song that the network composed; roll, sound and MIDI file are addresses of data.

    `layout` is that of the roll; `length` is in sixteenths, of which each takes `second` seconds.
    `measures` are those of song_measures.py. Without `copied` nobody has looked for copies.
    """

    seed: int
    bars: int
    bpm: float
    key: str
    length: int
    second: float
    roll: str
    layout: Layout
    sound: str
    midi: str
    made_by: str
    measures: Mapping[str, float]
    copied: CopiedRun | None = None


@dataclass(frozen=True)
class Band:
    """A measure of songs: the mean of composed ones, of those learned from, and their spread."""

    generated: float
    real: float
    spread: float


@dataclass(frozen=True)
class SongsQuality:
    """How well songs held out are foretold, in bits an onset, and the measures by name.

    `memory_bits` is what they cost n-grams with a memory of the song. `on` says which songs those
    are, test or validation. Without `bits` but with `ngram_bits` the recipe foretells no tokens.
    """

    bits: float | None
    ngram_bits: float | None
    memory_bits: float | None
    on: str
    songs: int
    measures: Mapping[str, Band]


@dataclass(frozen=True)
class CatalogSong:
    """A song that composed ones are compared with; `roll` is an address of data."""

    title: str
    about: str
    roll: str


@dataclass(frozen=True)
class SongsContent:
    """All that the page shows of songs; `sites` says where those learned from came from."""

    songs: Sequence[ComposedSong]
    sites: str
    quality: SongsQuality | None = None
    others: Sequence[CatalogSong] = ()
    training: Film | None = None
    left_out: Sequence[str] = field(default=())
    """What is not shown, and why: a sentence each."""
