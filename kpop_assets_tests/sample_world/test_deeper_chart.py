"""The sample world's chart below the snapshot: invented, and on Melon as the rest is."""

from io import BytesIO

import pytest
from PIL import Image

from kpop_assets.sample_world.albums import read_chart
from kpop_assets.sample_world.deeper_chart import DeeperChart, invented_acts
from kpop_assets.sites.charts.circle import fetch_year_end_chart
from kpop_assets.sites.matching.album_match import Wanted
from kpop_assets.sites.matching.titles import same_artist, split_version_remark
from kpop_assets.sites.shops.melon import Melon


@pytest.fixture(scope="module")
def snapshot(reference_folder):
    return read_chart(reference_folder)


@pytest.fixture(scope="module")
def deeper(snapshot):
    return DeeperChart(snapshot)


def test_every_year_goes_on_to_rank_100_with_sales_that_fall(snapshot, deeper):
    assert list(deeper.records) == list(range(2010, 2026))
    for year, records in deeper.records.items():
        above = [int(r.sales) for r in snapshot if r.year == year and r.sales]
        sales = [int(record.sales) for record in records]
        assert [record.rank for record in records] == list(range(11, 101))
        assert [*above, *sales] == sorted({*above, *sales}, reverse=True)


def test_sixty_acts_of_three_types_are_invented_and_none_is_in_the_snapshot(snapshot, deeper):
    acts = {act.name: act for act in invented_acts()}
    assert len(acts) == 60
    assert {act.type for act in acts.values()} == {"boy", "girl", "mixed"}
    real = {name for record in snapshot for name in (record.artist, record.artist_latin)}
    assert not [act for act in acts.values() for name in real if same_artist(act.name, name)]
    for records in deeper.records.values():
        for record in records:
            act = acts[record.artist]
            assert (record.artist_latin, record.style) == (act.latin, act.type)


def test_the_same_snapshot_gives_the_same_chart(snapshot, deeper):
    again = DeeperChart(snapshot)
    assert again.records == deeper.records
    assert again.albums == deeper.albums


def test_albums_and_pictures_are_told_apart_from_those_of_the_snapshot(site, deeper):
    albums = [*site.albums, *deeper.albums.values()]
    assert len({album.album_id for album in albums}) == len(albums)
    assert len({album.picture_path for album in albums}) == len(albums)
    versions = [r for year in deeper.records.values() for r in year if "(KiT" in r.album]
    assert len(versions) == 10 * 16
    for record in versions:
        assert (record.artist, split_version_remark(record.album)[0]) in deeper.albums


def test_melon_has_covers_for_the_deeper_entries_of_the_chart(session):
    rows = fetch_year_end_chart(session, 2018)[10:]
    for row in rows[::15]:
        title, _ = split_version_remark(row.album)
        cover = Melon().find_cover(session, Wanted(row.artist, title))
        assert Image.open(BytesIO(cover.content)).width >= 500
        assert same_artist(cover.matched_artist, row.artist)
        assert cover.matched_title == title


def test_the_thumbnail_of_a_deeper_entry_opens(session):
    row = fetch_year_end_chart(session, 2018)[-1]
    assert Image.open(BytesIO(session.get(row.thumbnail).content)).size == (120, 120)
