import pandas as pd
import pytest

from kpop_assets.covers.catalog import catalog_table, covers_of_set
from kpop_assets.covers.sets import EmptyCoverSetError, UnknownCoverSetError

FAR_APART = ["0000000000000000", "ffffffffffffffff", "00000000ffffffff", "0f0f0f0f0f0f0f0f"]
COLUMNS = ["hash", "path", "width", "height", "perceptual_hash", "artist_type", "sites"]


def chart(*rows: tuple[str, str, str | None]) -> pd.DataFrame:
    """Rows of hash, perceptual hash, artist type."""
    return pd.DataFrame(
        [(name, f"{name}.jpg", 500, 500, phash, kind, "sample") for name, phash, kind in rows],
        columns=COLUMNS,
    )


def general(*rows: tuple[str, str, int]) -> pd.DataFrame:
    """Rows of hash, perceptual hash, width."""
    return pd.DataFrame(
        [(name, f"{name}.jpg", w, w, phash, None, "sample") for name, phash, w in rows],
        columns=COLUMNS,
    )


def sets_by_hash(catalog: pd.DataFrame) -> dict[str, list[str]]:
    return {
        name: list(sets) for name, sets in zip(catalog["hash"], catalog["cover_sets"], strict=True)
    }


def test_chart_covers_are_popular_and_boy_or_girl_by_artist_type() -> None:
    catalog = catalog_table(
        chart(
            ("b", FAR_APART[0], "boy"),
            ("g", FAR_APART[1], "girl"),
            ("m", FAR_APART[2], "mixed"),
            ("n", FAR_APART[3], None),
        ),
        general(),
    )
    assert sets_by_hash(catalog) == {
        "b": ["boy", "popular"],
        "g": ["girl", "popular"],
        "m": ["popular"],
        "n": ["popular"],
    }


def test_a_cover_shared_by_a_boy_and_a_girl_entry_is_in_neither_set() -> None:
    catalog = catalog_table(
        chart(("x", FAR_APART[0], "boy"), ("x", FAR_APART[0], "girl")), general()
    )
    assert sets_by_hash(catalog) == {"x": ["popular"]}


def test_entries_that_share_a_picture_are_one_row() -> None:
    catalog = catalog_table(
        chart(("x", FAR_APART[0], "boy"), ("x", FAR_APART[0], "boy")), general()
    )
    assert len(catalog) == 1


def test_general_leaves_out_near_duplicates_of_chart_covers_and_of_larger_general_ones() -> None:
    catalog = catalog_table(
        chart(("c", FAR_APART[0], "boy")),
        general(
            ("small", "fffffffffffffffe", 300),
            ("large", FAR_APART[1], 900),
            ("again", "0000000000000007", 900),
            ("alone", FAR_APART[2], 400),
            ("c", FAR_APART[0], 500),
        ),
    ).set_index("hash")
    assert catalog["cover_sets"]["large"] == ["general"]
    assert catalog["cover_sets"]["alone"] == ["general"]
    assert catalog["cover_sets"]["small"] == []
    assert catalog["near_duplicate_of"]["small"] == "large"
    assert catalog["cover_sets"]["again"] == []
    assert catalog["near_duplicate_of"]["again"] == "c"
    assert catalog["origin"]["c"] == "chart"


def test_general_is_compared_with_chart_covers_that_repeat_each_other() -> None:
    catalog = catalog_table(
        chart(("a", "0000000000000000", "boy"), ("b", "00000000000000ff", "boy")),
        general(("g", "00000000000001ff", 900)),
    ).set_index("hash")
    assert catalog["near_duplicate_of"]["b"] == "a"
    assert catalog["cover_sets"]["b"] == ["boy", "popular"]
    assert catalog["near_duplicate_of"]["g"] == "b"
    assert catalog["cover_sets"]["g"] == []


def test_an_empty_set_and_an_unknown_set_are_named() -> None:
    catalog = catalog_table(chart(("b", FAR_APART[0], "boy")), general())
    assert covers_of_set(catalog, "boy")["hash"].tolist() == ["b"]
    with pytest.raises(EmptyCoverSetError, match="at least one cover in the set 'girl'"):
        covers_of_set(catalog, "girl")
    with pytest.raises(UnknownCoverSetError, match=r"boy, girl, popular, general, got 'duo'"):
        covers_of_set(catalog, "duo")
