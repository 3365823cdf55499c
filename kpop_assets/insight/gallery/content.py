"""What the gallery page shows, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from kpop_assets.insight.measuring.palettes import Palette

if TYPE_CHECKING:
    from kpop_assets.insight.gallery.song_content import SongsContent
    from kpop_assets.models.live.content import LiveGenerator


@dataclass(frozen=True)
class NearestCover:
    """A training cover near a sample: its picture, an address of data, and how near it is.

    `alt` says what it is a cover of.
    """

    picture: str
    alt: str
    distance: float


@dataclass(frozen=True)
class Sample:
    """A generated cover; pictures are addresses of data. `ratio` is that of originality.

    `alt` has its number, which is that of its file, and the seed that it is drawn from.
    """

    picture: str
    alt: str
    nearest: Sequence[NearestCover] = ()
    ratio: float | None = None
    copied: bool = False


@dataclass(frozen=True)
class ShownCover:
    """A cover that a generator may have learned from: an address of data, and what it is of."""

    picture: str
    alt: str


@dataclass(frozen=True)
class WallPair:
    """A generated cover of `cover_set` and a cover of it, side by side.

    `as_small` is the cover with as many pixels as the generated one has, `pixels` a side: beside
    it sharpness gives nothing away.
    """

    cover_set: str
    cover: ShownCover
    as_small: str
    sample: Sample
    pixels: int


@dataclass(frozen=True)
class CoversByMeasure:
    """Covers of each set, evenly spaced from the one with least of a measure to that with most."""

    measure: str
    covers: Mapping[str, Sequence[ShownCover]]


@dataclass(frozen=True)
class Film:
    """Frames as addresses of data, each with what it is: the step, or the place in a walk."""

    frames: Sequence[str]
    captions: Sequence[str]


@dataclass(frozen=True)
class SetContent:
    """All that the page shows of one cover set; what was not made is empty or None."""

    name: str
    covers: int
    record: Mapping[str, Any]
    training: Film | None = None
    interpolation: Film | None = None
    samples: Sequence[Sample] = ()
    quality: Mapping[str, Any] | None = None
    palettes: Mapping[str, Palette] = field(default_factory=dict)
    """By year, or "all"; of real covers. "generated" is that of the samples."""
    unfit: str | None = None
    """Why the generated covers stand for nothing, and are not compared with those of other sets."""


@dataclass(frozen=True)
class GalleryContent:
    """All that the page shows. `sites` says where covers came from: sample, live or folder."""

    sets: Sequence[SetContent]
    sites: str
    made_at: str
    findings: Sequence[str] = ()
    """What `cover_set_contrast` says, in its own words and numbers."""
    contrasts: pd.DataFrame = field(default_factory=pd.DataFrame)
    separability: pd.DataFrame = field(default_factory=pd.DataFrame)
    means: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """By set, the mean of each measure over its covers, generated ones left out."""
    trends: Sequence[str] = ()
    """How the covers of popular moved with the years, in sentences."""
    wall: Sequence[WallPair] = ()
    measured: Mapping[tuple[str, str], Sequence[CoversByMeasure]] = field(default_factory=dict)
    """By pair of sets, the measures that differ most first."""
    number_ones: Mapping[str, ShownCover] = field(default_factory=dict)
    """The first cover of the chart by year."""
    diversity: pd.DataFrame = field(default_factory=pd.DataFrame)
    songs: "SongsContent | None" = None
    live: "LiveGenerator | None" = None
    """The generator that draws in the page."""
    left_out: Sequence[str] = ()
    """What is not shown, and why: a sentence each."""
