"""What the gallery calls the covers near a sample."""

import pandas as pd

from kpop_assets.defs.insight.page.cover_names import cover_names


def test_a_chart_cover_has_artist_album_and_year() -> None:
    columns = ["hash", "artist", "album", "year", "rank"]
    rows = [
        ("b", "Act", "Again", 2020, 1),
        ("a", "EXO", "Growl", 2013, 1),
        ("b", "Act", "First", 2014, 2),
        (None, "Nobody", "No cover", 2015, 1),
        ("c", "Act\x1b]0;x\x07", "<b>\nTwo  lines</b>", 2016, 3),
    ]
    found = pd.DataFrame(
        [("a", "bing", "앨범"), ("d", "google", "kpop\talbum")],
        columns=["hash", "engine", "keyword"],
    )
    covers = pd.DataFrame(rows, columns=columns)
    assert cover_names({"melon_covers": covers, "crawled_covers": found}) == {
        "a": "EXO, Growl, 2013",
        "b": "Act, First, 2014 and 1 more",
        "c": "Act ]0;x , <b> Two lines</b>, 2016",
        "d": "found by google for “kpop album”",
    }


def test_covers_of_ones_own_have_their_file_and_year() -> None:
    rows = {"hash": ["a", "b"], "file": ["debut.jpg", "wall.webp"], "year": [2013, None]}
    covers = pd.DataFrame(rows).astype({"year": "Int64"})
    assert cover_names({"folder_covers": covers}) == {
        "a": "debut.jpg, 2013",
        "b": "wall.webp",
    }
    assert cover_names({}) == {}
