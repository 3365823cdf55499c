"""The table of artists: their types, and their other names."""

import unicodedata
from pathlib import Path

import pandas as pd
import pytest

from kpop_assets.artist_names import ContradictoryArtistError
from kpop_assets.harvest.chart_entries import artist_types, chart_table, covers_by_depth
from kpop_assets.harvest.entry_covers import artist_aliases, chart_albums
from kpop_assets.harvest.known_artists import ArtistTypesError, KnownArtist, known_artists
from kpop_assets_tests.defs.chart.test_chart import row

HEADER = "artist,artist_latin,artist_type,artist_kind"


def written(folder: Path, *lines: str) -> Path:
    path = folder / "artist_types.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_artists_called_like_nothing_are_artists(tmp_path: Path) -> None:
    table = written(tmp_path, HEADER, "NA,NA,girl,solo", "산들,None,boy,solo", "NULL,,Boy ,")
    assert known_artists(table) == [
        KnownArtist("NA", "girl", "NA"),
        KnownArtist("산들", "boy", "None"),
        KnownArtist("NULL", "boy", ""),
    ]


def test_every_bad_line_is_named(tmp_path: Path) -> None:
    table = written(
        tmp_path, HEADER, "IU,,girl,", "BTS,,boys,", ",,boy,", "ＩＵ,,boy,", "IU,,girl,"
    )
    with pytest.raises(ArtistTypesError) as raised:
        known_artists(table)
    assert "boy, girl, mixed in line 3, got 'boys'; expected an artist in line 4" in str(
        raised.value
    )
    assert "expected one type for ＩＵ, but line 2 says girl and line 5 boy" in str(raised.value)


def test_a_table_without_latin_names_will_do(tmp_path: Path) -> None:
    assert known_artists(written(tmp_path, "Artist;Artist Type", "IU;girl"))[0].latin == ""


def test_the_committed_table_has_types_and_aliases() -> None:
    assert artist_types()["소녀시대"] == "girl"
    assert artist_aliases()["소녀시대"] == ("Girls' Generation",)


@pytest.mark.parametrize(
    "printed",
    ["소녀시대", unicodedata.normalize("NFD", "소녀시대"), "소녀\u200b시대", "GG （소녀시대）"],
)
def test_a_chart_entry_has_type_and_aliases_in_every_spelling(printed: str) -> None:
    table = chart_table([row(1, printed, "Oh!")])
    assert table["artist_type"].tolist() == ["girl"]
    [album] = chart_albums(table, {("소녀시대", "oh！"): "77"}).values()
    assert album.aliases == ("Girls' Generation",)
    assert album.settled == "77"


def test_types_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ContradictoryArtistError):
        chart_table([row(1, "EXO", "XOXO")], {"EXO": "boy", "exo\u2060": "girl"})


def test_an_album_printed_in_two_ways_is_one() -> None:
    rows = [
        row(1, "소녀시대", "Oh!"),
        row(2, unicodedata.normalize("NFD", "소녀시대"), "ＯＨ! (Kit Ver.)", 2019),
    ]
    table = chart_table(rows)
    assert list(chart_albums(table, {})) == [("소녀시대", "Oh!")]
    assert covers_by_depth(rows, {"소녀시대": "girl"})[0] == {
        **{"depth": 10, "boy": 0, "girl": 1, "popular": 1},
        **{"years_that_deep": 0, "artists_without_type": 0},
    }
    assert not pd.isna(table["artist_type"]).any()
