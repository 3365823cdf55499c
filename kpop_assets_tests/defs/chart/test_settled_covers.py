"""What a person or the matcher settles about covers, and what waits for a person."""

import pandas as pd

from kpop_assets.sample_world.faults import Fault
from kpop_assets.sample_world.server import SampleSite
from kpop_assets_tests.defs.chart.test_entry_covers import (
    JUST_US,
    MELON,
    PART_1,
    album_id,
    requests_to,
)
from kpop_assets_tests.defs.conftest import Look, chart_of, row_of, with_changes


def test_a_settled_album_is_taken_and_a_change_of_the_table_is_noticed(
    site: SampleSite, look: Look
) -> None:
    before = look()
    other = album_id(site, ("JYJ", "The Beginning"))
    covers = look(before, settled={JUST_US: other})
    row = row_of(covers, JUST_US)
    assert (row["source"], row["album_id"], row["settled"]) == ("melon", other, other)
    assert row["match_reason"].startswith("named in melon_albums.csv")
    look(covers, settled={JUST_US: other})
    assert requests_to(site, MELON) == 2, "a settled album is not asked for again"
    covers = look(covers)
    assert row_of(covers, JUST_US)["source"] == "cover_art_archive"


def test_an_album_that_melon_has_none_of_by_the_table_is_looked_for_elsewhere(
    look: Look,
) -> None:
    key = ("동방신기", "TENSE")
    covers = look(look(), settled={key: "none"})
    row = row_of(covers, key)
    assert row["source"] == "circle"
    assert row["passed_over"].startswith("melon: melon_albums.csv says that Melon has none; ")


def test_a_settled_album_waits_for_melon_and_the_cover_stays_meanwhile(
    site: SampleSite, look: Look
) -> None:
    before = look()
    key = ("동방신기", "TENSE")
    settled = {key: album_id(site, ("동방신기", "RISE AS GOD"))}
    site.faults.append(Fault(MELON, "500"))
    waiting = look(before, settled=settled)
    assert row_of(waiting, key)["hash"] == row_of(before, key)["hash"]
    assert pd.isna(row_of(waiting, key)["settled"])
    site.faults.clear()
    row = row_of(look(waiting, settled=settled), key)
    assert row["album_id"] == settled[key]
    assert row["hash"] != row_of(before, key)["hash"]


def test_a_cover_that_the_matcher_would_not_take_any_more_is_looked_up_again(
    site: SampleSite, look: Look
) -> None:
    chart = chart_of(site, 2015)
    before = look(chart=chart)
    part_2 = row_of(before, ("방탄소년단", "화양연화 pt.2"))
    fields = ("hash", "image_address", "matched_title", "album_id", "etag")
    wrong = with_changes(before, PART_1, **{name: part_2[name] for name in fields})
    site.faults.append(Fault(MELON, "500"))
    assert row_of(look(wrong, chart), PART_1)["hash"] == part_2["hash"]
    site.faults.clear()
    assert row_of(look(wrong, chart), PART_1)["matched_title"] == "화양연화 pt.1"


def test_what_a_person_has_to_review_stays_while_melon_fails(site: SampleSite, look: Look) -> None:
    shops = Fault("coverartarchive.org", "404")
    site.faults.append(shops)
    before = look()
    assert row_of(before, JUST_US)["source"] == "circle"
    assert "The Beginning" in row_of(before, JUST_US)["candidates"]
    site.faults.append(Fault(MELON, "500"))
    row = row_of(look(before), JUST_US)
    assert row["candidates"] == row_of(before, JUST_US)["candidates"]
