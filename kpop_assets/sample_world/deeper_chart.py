"""The sample world's chart below the snapshot's ranks, down to 100: invented acts and albums only.

Everything follows from the tables below and the snapshot. Nothing is made before it is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Literal

from kpop_assets.sample_world.albums import (
    ChartRecord,
    MelonAlbum,
    has_namesake,
    melon_albums,
    namesake,
    stable_number,
)
from kpop_assets.sample_world.artwork.names import fictional_release
from kpop_assets.sites.charts.chart_rows import DEEPEST_RANK
from kpop_assets.sites.matching.titles import normalised_title

ActType = Literal["boy", "girl", "mixed"]

FIRST = (
    *(("자정", "Midnight"), ("유리", "Glass"), ("종이", "Paper"), ("안개", "Mist")),
    *(("노을", "Sunset"), ("소금", "Salt"), ("구름", "Cloud"), ("보라", "Violet")),
    *(("초록", "Green"), ("은빛", "Silver"), ("모래", "Sand"), ("첫눈", "First Snow")),
)
LAST = (
    *(("우체국", "Post Office"), ("관측소", "Observatory"), ("세탁소", "Laundry")),
    *(("비행선", "Airship"), ("나침반", "Compass"), ("온실", "Greenhouse"), ("등대", "Lighthouse")),
    *(("수족관", "Aquarium"), ("시계탑", "Clock Tower"), ("엽서", "Postcard")),
)
NUMBER_OF_ACTS = 60
TYPES: tuple[ActType, ...] = ("girl", "boy", "boy", "girl", "boy", "girl", "mixed")
LATIN_EVERY = 3
"""Every so many acts print their name in Latin capitals."""

VERSION_EVERY = 9
"""Every so many entries is the KiT version of the album on the rank above it."""

FIRST_ALBUM_ID = 13_000_000
FALL = 1.3
"""Sales fall with the rank to the power of this."""


@dataclass(frozen=True)
class Act:
    """An invented act; `name` is how the chart prints it."""

    name: str
    latin: str
    type: ActType


@cache
def invented_acts() -> tuple[Act, ...]:
    """The acts of the deeper chart: none is of this world."""
    return tuple(_act(number) for number in range(NUMBER_OF_ACTS))


def invented_artist_types() -> dict[str, str]:
    """Artist types of the acts, by name, as data/reference/artist_types.csv has them."""
    return {act.name: act.type for act in invented_acts()}


class DeeperChart:
    """The entries below a snapshot, and their albums on Melon."""

    def __init__(self, snapshot: Sequence[ChartRecord]) -> None:
        self._snapshot = snapshot

    @cached_property
    def records(self) -> dict[int, list[ChartRecord]]:
        """The entries by year, from the rank after the snapshot's last one to 100."""
        years = sorted({record.year for record in self._snapshot})
        return {year: _records_of(year, self._snapshot) for year in years}

    @cached_property
    def albums(self) -> dict[tuple[str, str], MelonAlbum]:
        """The albums by artist and title without version remark."""
        records = [record for year in self.records.values() for record in year]
        found = melon_albums(records, first_album_id=FIRST_ALBUM_ID)
        return {(album.chart_artist, album.title): album for album in found}

    @cached_property
    def album_by_id(self) -> dict[str, MelonAlbum]:
        """The albums and their namesakes by Melon's id."""
        albums = list(self.albums.values())
        everything = albums + [namesake(a) for a in albums if has_namesake(a)]
        return {album.album_id: album for album in everything}

    @cached_property
    def album_by_path(self) -> dict[str, MelonAlbum]:
        """The albums and their namesakes by the path of their pictures."""
        return {album.picture_path: album for album in self.album_by_id.values()}

    def albums_for(self, query: str) -> list[MelonAlbum]:
        """The albums by the acts that a search names; none is made for a search without."""
        asked = normalised_title(query)
        named = {act.name for act in invented_acts() if normalised_title(act.name) in asked}
        return [a for a in self.albums.values() if a.chart_artist in named] if named else []


def _act(number: int) -> Act:
    first, last = FIRST[number % len(FIRST)], LAST[(number + number // len(FIRST)) % len(LAST)]
    latin = f"{first[1]} {last[1]}"
    name = latin.upper() if number % LATIN_EVERY == 0 else first[0] + last[0]
    return Act(name, latin, TYPES[number % len(TYPES)])


def _records_of(year: int, snapshot: Sequence[ChartRecord]) -> list[ChartRecord]:
    above = [record for record in snapshot if record.year == year]
    last_rank = max(record.rank for record in above)
    least_sold = min(int(record.sales) for record in above if record.sales)
    records: list[ChartRecord] = []
    for rank in range(last_rank + 1, DEEPEST_RANK + 1):
        seed = 300_000 + 1_000 * (year % 100) + rank
        sold = least_sold * (last_rank / rank) ** FALL
        sales = str(int(sold * (1 - stable_number(f"{year} {rank}", 100) / 20_000)))
        if records and rank % VERSION_EVERY == 0:
            above_it = records[-1]
            album = f"{above_it.album} (KiT Ver.)"
            records.append(replace(above_it, rank=rank, album=album, sales=sales))
        else:
            act = invented_acts()[stable_number(f"act {seed}", NUMBER_OF_ACTS)]
            _, album = fictional_release(seed)
            records.append(ChartRecord(year, rank, act.name, act.latin, album, sales, act.type))
    return records
