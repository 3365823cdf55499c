import pandas as pd

from kpop_assets.covers.curating.catalog import catalog_table
from kpop_assets.covers.curating.curation import (
    acts_behind,
    entries_by_artist_type,
    reissues,
    share_of_girl_covers,
)

NO_GENERAL = pd.DataFrame(columns=["hash", "path", "width", "height", "perceptual_hash", "sites"])
KISS, HUG, LOTTO, OH = "0" * 16, "0" * 15 + "3", "f" * 16, "0f" * 8


def entry(
    year: int, rank: int, artist: str, album: str, version: str | None, picture: str, kind: str
) -> dict[str, object]:
    return {
        **{"year": year, "rank": rank, "artist": artist, "album": album, "version": version},
        **{"hash": f"hash of {picture}", "path": "", "width": 500, "height": 500},
        **{"perceptual_hash": picture, "artist_type": kind, "sites": "sample"},
    }


CHART = pd.DataFrame(
    [
        entry(2013, 1, "EXO", "XOXO", "Kiss Ver.", KISS, "boy"),
        entry(2013, 6, "EXO", "XOXO", "Hug Ver.", HUG, "boy"),
        entry(2013, 9, "Girls' Generation", "I Got a Boy", None, OH, "girl"),
        entry(2016, 1, "EXO", "Lotto", None, LOTTO, "boy"),
        entry(2016, 2, "EXO-M", "Lotto", None, LOTTO, "boy"),
        entry(2016, 3, "Various", "OST", None, "00ff" * 4, "mixed"),
    ]
)


def test_reissues_are_the_entries_that_share_a_picture_or_nearly_do() -> None:
    records = reissues(CHART, catalog_table(CHART, NO_GENERAL))
    assert [(r["group"], r["year"], r["rank"], r["album"], r["version"]) for r in records] == [
        (1, 2013, 1, "XOXO", "Kiss Ver."),
        (1, 2013, 6, "XOXO", "Hug Ver."),
        (2, 2016, 1, "Lotto", ""),
        (2, 2016, 2, "Lotto", ""),
    ]
    assert records[1]["cover"] == "hash of 0000"


def test_entries_and_distinct_covers_are_counted_by_year_and_artist_type() -> None:
    catalog = catalog_table(CHART, NO_GENERAL)
    records = pd.DataFrame(entries_by_artist_type(CHART, catalog)).set_index("year")
    assert records.loc["2013"].tolist() == [2, 1, 1, 1, 0, 0]
    assert records.loc["2016"].tolist() == [2, 1, 0, 0, 1, 1]
    assert records.loc["all"].tolist() == [4, 2, 1, 1, 1, 1]


def test_rejected_covers_are_not_counted() -> None:
    catalog = catalog_table(CHART, NO_GENERAL, rejected={f"hash of {OH}": "a poster"})
    assert entries_by_artist_type(CHART, catalog)[-1]["girl_covers"] == 0
    assert share_of_girl_covers(catalog) == 0


def test_acts_and_share_say_whose_covers_a_set_holds() -> None:
    catalog = catalog_table(CHART, NO_GENERAL)
    assert acts_behind(catalog, "girl") == ["Girls' Generation"]
    assert acts_behind(catalog, "boy") == ["EXO", "EXO-M"]
    assert share_of_girl_covers(catalog) == 1 / 3


def test_pictures_of_a_folder_have_no_years_and_no_artists() -> None:
    own = CHART.drop(columns=["year", "rank", "artist", "album", "version"])
    catalog = catalog_table(own, NO_GENERAL)
    assert reissues(own, catalog) == []
    assert [record["year"] for record in entries_by_artist_type(own, catalog)] == ["all"]
    assert acts_behind(catalog, "girl") == []
    assert share_of_girl_covers(catalog_table(own[:0], NO_GENERAL)) is None
