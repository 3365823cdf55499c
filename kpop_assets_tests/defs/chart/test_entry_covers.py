"""A cover for each chart entry: from Melon, from another source, or from before."""

import re
from pathlib import Path

import pandas as pd
import pytest

from kpop_assets.harvest.entry_covers import SourceOutageError
from kpop_assets.sample_world.answers import NOT_FOUND
from kpop_assets.sample_world.faults import Fault
from kpop_assets.sample_world.server import SampleSite
from kpop_assets.store.artifacts import Store
from kpop_assets_tests.defs.conftest import Look, chart_of, row_of, with_changes

JUST_US, QUANTUM_LEAP = ("JYJ", "JUST US"), ("엑스원", "비상 : QUANTUM LEAP")
HELLO, WHO_AM_I = ("조용필", "19집 Hello"), ("비원에이포", "WHO AM I")
PART_1 = ("방탄소년단", "화양연화 pt.1")
MELON, MELON_PICTURES = "www.melon.com", "cdnimg.melon.co.kr"


def requests_to(site: SampleSite, host: str) -> int:
    return sum(count for (asked, _), count in site.sent.items() if asked == host)


def album_id(site: SampleSite, key: tuple[str, str]) -> str:
    return next(a.album_id for a in site.albums if (a.chart_artist, a.title) == key)


def test_what_melon_lacks_comes_from_the_shops_in_turn_and_at_last_from_the_chart(
    site: SampleSite, look: Look
) -> None:
    covers = look(chart=chart_of(site, 2013, 2014, 2019))
    assert covers["hash"].notna().all()
    others = covers[covers["source"] != "melon"]
    assert {(row.artist, row.album): (row.source, row.width) for row in others.itertuples()} == {
        HELLO: ("deezer", 800),
        JUST_US: ("cover_art_archive", 800),
        WHO_AM_I: ("circle", 120),
        QUANTUM_LEAP: ("itunes", 800),
    }
    assert others["passed_over"].notna().all()
    assert row_of(covers, HELLO)["passed_over"].startswith("melon: 1 result, none close enough")
    assert re.fullmatch(
        "melon: Melon shows its default picture; itunes: .*; deezer: .*; cover_art_archive: .*",
        row_of(covers, WHO_AM_I)["passed_over"],
    )
    assert row_of(covers, HELLO)["score"] == 0.95
    assert not row_of(covers, HELLO)["exact"]
    melon = covers[covers["source"] == "melon"]
    assert melon["exact"].all()
    assert (melon["score"] == 1.0).all()


def test_an_entry_that_no_source_has_a_cover_of_has_the_reason_of_each(
    site: SampleSite, look: Look
) -> None:
    without_thumbnails = chart_of(site, 2014).drop(columns="thumbnail_address")
    row = row_of(look(chart=without_thumbnails), WHO_AM_I)
    assert pd.isna(row["hash"])
    assert re.fullmatch(
        "melon: Melon shows its default picture; itunes: 1 result, .*; deezer: no search result; "
        "cover_art_archive: 1 result, .*; circle: the chart names no thumbnail",
        row["reason"],
    )


def test_a_recrawl_of_an_unchanged_site_asks_once_per_picture_and_gets_no_body(
    site: SampleSite, look: Look
) -> None:
    before = look()
    covers = look(before)
    assert site.sent[MELON_PICTURES, 304] == 8
    assert site.sent[MELON_PICTURES, 200] == 0
    assert site.sent["archive.org", 304] == 1
    assert requests_to(site, MELON) == 2, "only the album with a mere thumbnail is looked up"
    assert covers["hash"].tolist() == before["hash"].tolist()
    assert covers["kept_because"].isna().all()
    melon = covers["source"] == "melon"
    assert (covers["checked_at"] > before["checked_at"]).all()
    assert (covers["fetched_at"] == before["fetched_at"])[melon].all()


def test_a_picture_that_is_missing_in_the_store_is_fetched_again(
    site: SampleSite, look: Look, tmp_path: Path
) -> None:
    before = look()
    Store(tmp_path).picture(before["hash"][0]).unlink()
    look(before)
    assert site.sent[MELON_PICTURES, 200] == 1
    assert Store(tmp_path).picture(before["hash"][0]).exists()


def test_a_picture_that_changed_is_stored_anew_and_the_old_one_stays_in_the_store(
    site: SampleSite, look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = look()
    right = site._hosts[MELON_PICTURES]
    first = before["image_address"][0].partition(MELON_PICTURES)[2]
    other = before["image_address"][1].partition(MELON_PICTURES)[2]

    def pictures(request):  # type: ignore[no-untyped-def]
        if request.path == first:
            return right(request.__class__(other, {}, {}, True))
        return right(request)

    monkeypatch.setitem(site._hosts, MELON_PICTURES, pictures)
    covers = look(before)
    assert covers["hash"][0] == before["hash"][1]
    assert covers["etag"][0] == before["etag"][1]
    assert covers["fetched_at"][0] > before["fetched_at"][0]
    assert Store(tmp_path).picture(before["hash"][0]).exists()


@pytest.mark.parametrize("kind", ["500", "changed layout", "error page with 200", "empty search"])
def test_covers_stay_when_melon_fails_and_say_why(site: SampleSite, look: Look, kind: str) -> None:
    before = look()
    site.faults.append(Fault(MELON, kind))
    covers = look(before, look_up_again=True)
    assert covers["hash"].tolist() == before["hash"].tolist()
    assert covers["source"].tolist() == before["source"].tolist()
    melon = covers[covers["source"] == "melon"]
    assert melon["kept_because"].str.startswith("melon: ").all()
    assert (melon["checked_at"] == before["checked_at"][melon.index]).all()
    assert melon["ask_again"].all() == (kind != "empty search")


@pytest.mark.parametrize("kind", ["500", "404", "error page with 200", "truncated JPEG"])
def test_covers_stay_when_the_picture_host_fails(site: SampleSite, look: Look, kind: str) -> None:
    before = look()
    before["etag"] = None
    site.faults.append(Fault(MELON_PICTURES, kind, path=r"/cm"))
    covers = look(before)
    melon = covers["source"] == "melon"
    assert covers["hash"].tolist() == before["hash"].tolist()
    assert (covers["kept_because"].notna() | covers["gone_since"].notna())[melon].all()


@pytest.mark.parametrize("kind", ["500", "changed layout", "error page with 200"])
def test_without_earlier_covers_an_outage_of_melon_is_no_table_of_second_best_covers(
    site: SampleSite, look: Look, kind: str
) -> None:
    site.faults.append(Fault(MELON, kind))
    with pytest.raises(SourceOutageError, match="for 10 albums, but 10 failed"):
        look()
    assert requests_to(site, "itunes.apple.com") == 0
    assert requests_to(site, MELON) + site.faults[0].met < 50


def test_without_earlier_covers_a_search_that_finds_nothing_at_all_is_an_outage(
    site: SampleSite, look: Look
) -> None:
    site.faults.append(Fault(MELON, "empty search", "/search/"))
    with pytest.raises(SourceOutageError, match="10 of 10 searches found nothing"):
        look()


def test_an_album_for_which_melon_failed_is_asked_for_again_in_the_next_run(
    site: SampleSite, look: Look
) -> None:
    first = album_id(site, ("동방신기", "TENSE"))
    site.faults.append(Fault(MELON_PICTURES, "500", rf".*{first}"))
    before = look()
    row = row_of(before, ("동방신기", "TENSE"))
    assert row["source"] == "circle"
    assert row["ask_again"]
    site.faults.clear()
    row = row_of(look(before), ("동방신기", "TENSE"))
    assert row["source"] == "melon"
    assert not row["ask_again"]


def test_a_picture_that_vanished_stays_marked_until_it_is_back(
    site: SampleSite, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = look()
    key = ("동방신기", "TENSE")
    album = next(a for a in site.albums if (a.chart_artist, a.title) == key)
    with monkeypatch.context() as patch:
        patch.delitem(site._album_by_path, album.picture_path)
        gone = look(before)
        row = row_of(gone, key)
        assert row["hash"] == row_of(before, key)["hash"]
        assert row["source"] == "melon", "a thumbnail does not take its place"
        since = row["gone_since"]
        assert since > before["checked_at"].max()
        gone = look(gone)
        assert row_of(gone, key)["gone_since"] == since
    back = look(gone)
    assert back["gone_since"].isna().all()
    assert back["hash"].tolist() == before["hash"].tolist()


def test_in_place_of_a_picture_that_vanished_comes_what_a_shop_has(
    look: Look,
) -> None:
    gone = "sample://cdnimg.melon.co.kr/cm/album/images/1/gone_500.jpg"
    before = with_changes(look(), JUST_US, source="melon", image_address=gone)
    row = row_of(look(before), JUST_US)
    assert row["source"] == "cover_art_archive"
    assert pd.isna(row["gone_since"])


def test_covers_of_another_world_or_an_older_layout_do_not_count(look: Look) -> None:
    before = look().assign(note="found before")
    kept = look(before)
    assert (kept["note"] == "found before")[kept["source"] != "circle"].all()
    assert look(before.assign(sites="live"))["note"].isna().all()
    assert look(before.drop(columns="source"))["note"].isna().all()


def test_a_new_chart_entry_is_looked_up_beside_covers_from_before(
    site: SampleSite, look: Look
) -> None:
    before = look()
    covers = look(before, chart_of(site, 2014, 2019))
    assert len(covers) == 20
    assert covers["hash"].notna().all()
    known = covers[covers["year"] == 2014]
    assert known["hash"].tolist() == before["hash"].tolist()


def test_a_shop_that_fails_and_fails_is_left_alone(
    site: SampleSite, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(site._hosts, MELON_PICTURES, lambda _request: NOT_FOUND)
    site.faults.append(Fault("itunes.apple.com", "404"))
    covers = look(chart=chart_of(site, *range(2010, 2014)))
    assert site.faults[0].met < 20
    assert covers["passed_over"].notna().all()
    assert covers["ask_again"].all()
