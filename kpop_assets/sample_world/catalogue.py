"""What the picture searches of the sample world find: the one table of its contents.

Everything follows from the numbers and tables below and from the chart snapshot: two sites show the
same pictures at the same addresses.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from kpop_assets.sample_world.albums import MelonAlbum
from kpop_assets.sample_world.artwork import CoverDesign
from kpop_assets.sample_world.artwork.names import fictional_release
from kpop_assets.sites.search.crawl_notes import Engine
from kpop_assets.sites.search.image_search import KEYWORDS

Format = Literal["jpeg", "png", "webp"]
Fault = Literal["text instead of a picture", "cut off", "missing"]

SAMPLE_PICTURE_HOST = "covers.kpop-assets.sample"
"""Exists in the sample world only: the host of the pictures that its image searches find."""

BING_PAGE = 20
GOOGLE_PAGE = 100

BING_OWN, BING_REPEATED = 45, 9
"""Of a keyword's about 60 Bing pictures: new designs, and pictures of the keyword before it."""
GOOGLE_OWN, GOOGLE_FROM_BING, GOOGLE_REPEATED = 15, 7, 3
"""Of a keyword's 25 Google pictures: new designs, from Bing's list, from the next keyword."""
GENERAL_DESIGNS = len(KEYWORDS) * (BING_OWN + GOOGLE_OWN)
"""420 distinct drawn covers."""

CHART_COVERS = 15
"""So many covers of the chart are found again, smaller and of lower quality."""
NEAR_DUPLICATES = 20
"""So many general covers are found again at another address, resized and recompressed."""
SMALL_SIZES = (120, 180, 240, 290)
"""Sides, in px, of pictures below the smallest size that a crawl keeps (300 px)."""
FAULTS: tuple[Fault, ...] = ("text instead of a picture", "cut off", "missing")
"""A web page named .jpg; a JPEG of which the last 60 % are missing; HTTP 404."""

SIZES = (500, 360, 450, 400, 512, 320, 480, 600)
"""Sides, in px, that the general covers take in turn."""
WIDE_EVERY = 23
"""Every so many general covers one is not square, but padded to 4:3 with its edge colour."""
FORMATS: dict[int, tuple[Format, str]] = {
    17: ("png", ".png"),
    58: ("png", ".png"),
    99: ("png", ".jpg"),
    140: ("webp", ".webp"),
    181: ("webp", ".webp"),
    222: ("webp", ".jpg"),
    263: ("jpeg", ".JPG"),
    304: ("jpeg", ".jpeg"),
}
"""General covers of another format, or of a name that does not tell the format."""
TURNED = frozenset({77})
"""General covers stored lying on their side, with the EXIF orientation that turns them upright."""

KEYWORD_WITH_AMPERSAND = "GD & TOP 앨범"
"""One keyword more than the pipeline asks for, to see that a keyword arrives whole: 5 covers."""


@dataclass(frozen=True)
class SamplePicture:
    """One picture of the invented picture host; `size` is the side of the square cover in px."""

    path: str
    design: CoverDesign
    size: int
    quality: int = 88
    format: Format = "jpeg"
    wide: bool = False
    turned: bool = False
    fault: Fault | None = None

    @property
    def address(self) -> str:
        """The https address of the picture."""
        return f"https://{SAMPLE_PICTURE_HOST}{self.path}"

    @property
    def page_address(self) -> str:
        """The https address of the page that the picture is said to stand on."""
        return self.address.rpartition("/")[0]


class Catalogue:
    """The pictures by their path, and what each engine finds for each keyword, in order."""

    def __init__(self, albums: Sequence[MelonAlbum]) -> None:
        general = [_general_picture(number) for number in range(GENERAL_DESIGNS)]
        chart = _chart_pictures(albums)
        extras = chart + _near_duplicates(general) + _small_and_faulty()
        self.found: dict[tuple[Engine, str], list[SamplePicture]] = _searches(general, extras)
        for engine in ("bing", "google"):
            self.found[engine, KEYWORD_WITH_AMPERSAND] = chart[:5]
        self.pictures = {picture.path: picture for picture in general + extras}


def _general_picture(number: int) -> SamplePicture:
    seed = 100_000 + number
    artist, title = fictional_release(seed)
    picture_format, ending = FORMATS.get(number, ("jpeg", ".jpg"))
    return SamplePicture(
        path=f"/release/{number:04d}/cover{ending}",
        design=CoverDesign(seed=seed, style="general", artist=artist, title=title),
        size=SIZES[number % len(SIZES)],
        format=picture_format,
        wide=number % WIDE_EVERY == WIDE_EVERY - 1,
        turned=number in TURNED,
    )


def _chart_pictures(albums: Sequence[MelonAlbum]) -> list[SamplePicture]:
    step = max(1, len(albums) // CHART_COVERS)
    return [
        SamplePicture(f"/shop/{album.album_id}/front.jpg", album.design, size=400, quality=72)
        for album in albums[::step][:CHART_COVERS]
    ]


def _near_duplicates(general: Sequence[SamplePicture]) -> list[SamplePicture]:
    plain = [picture for picture in general if not (picture.wide or picture.turned)]
    return [
        replace(
            picture,
            path=f"/blog/{number:03d}/copy.jpg",
            size=round(picture.size * 1.15),
            quality=55,
            format="jpeg",
        )
        for number, picture in enumerate(plain[:: len(plain) // NEAR_DUPLICATES][:NEAR_DUPLICATES])
    ]


def _small_and_faulty() -> list[SamplePicture]:
    designs = [
        CoverDesign(seed, "general", *fictional_release(seed))
        for seed in range(200_000, 200_000 + len(SMALL_SIZES) + len(FAULTS))
    ]
    small = [
        SamplePicture(f"/thumbnail/{size}.jpg", design, size)
        for size, design in zip(SMALL_SIZES, designs, strict=False)
    ]
    faulty = [
        SamplePicture(f"/broken/{number}.jpg", design, size=400, fault=fault)
        for number, (fault, design) in enumerate(
            zip(FAULTS, designs[len(SMALL_SIZES) :], strict=True)
        )
    ]
    return small + faulty


def _searches(
    general: Sequence[SamplePicture], extras: Sequence[SamplePicture]
) -> dict[tuple[Engine, str], list[SamplePicture]]:
    keywords = len(KEYWORDS)
    google_start = keywords * BING_OWN
    bing_own = [general[k * BING_OWN : (k + 1) * BING_OWN] for k in range(keywords)]
    google_own = [
        general[google_start + k * GOOGLE_OWN : google_start + (k + 1) * GOOGLE_OWN]
        for k in range(keywords)
    ]
    found: dict[tuple[Engine, str], list[SamplePicture]] = {}
    for k, keyword in enumerate(KEYWORDS):
        bing = [*bing_own[k], *extras[k::keywords], *bing_own[k - 1][:BING_REPEATED]]
        google = [
            *google_own[k],
            *bing_own[k][-GOOGLE_FROM_BING:],
            *google_own[(k + 1) % keywords][:GOOGLE_REPEATED],
        ]
        found["bing", keyword] = random.Random(2 * k).sample(bing, len(bing))
        found["google", keyword] = random.Random(2 * k + 1).sample(google, len(google))
    return found
