import unicodedata

import pandas as pd
import pytest

from kpop_assets.covers.curating.catalog import LIKE_REJECTED, catalog_table, covers_of_set
from kpop_assets.covers.sets import EmptyCoverSetError, UnknownCoverSetError

FAR_APART = ["0000000000000000", "ffffffffffffffff", "00000000ffffffff", "0f0f0f0f0f0f0f0f"]
NEAR_FIRST = ["0000000000000001", "0000000000000003", "0000000000000007"]
COLUMNS = ["hash", "path", "width", "height", "perceptual_hash", "artist_type", "sites"]


def chart(*rows: tuple[str, str, str | None], width: int = 500) -> pd.DataFrame:
    """Rows of hash, perceptual hash, artist type."""
    return pd.DataFrame(
        [(name, f"{name}.jpg", width, 500, phash, kind, "sample") for name, phash, kind in rows],
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


@pytest.mark.parametrize("training_uses", ["one", "all"])
def test_covers_that_nearly_equal_each_other_are_in_neither_set_when_their_types_differ(
    training_uses: str,
) -> None:
    catalog = catalog_table(
        chart(("x", FAR_APART[0], "boy"), ("y", NEAR_FIRST[0], "girl")),
        general(),
        training_uses=training_uses,
    )
    in_sets = {name for sets in catalog["cover_sets"] for name in sets}
    assert in_sets == {"popular"}


def test_entries_that_share_a_picture_are_one_row_with_all_their_acts() -> None:
    entries = chart(("x", FAR_APART[0], "boy"), ("x", FAR_APART[0], "boy"), ("y", FAR_APART[1], ""))
    catalog = catalog_table(entries.assign(artist=["EXO-M", "EXO-K", "IU"]), general())
    assert catalog["acts"].tolist() == [["EXO-K", "EXO-M"], ["IU"]]
    assert catalog_table(entries, general())["acts"].tolist() == [[], []]


def test_an_act_printed_in_two_ways_is_one_act() -> None:
    entries = chart(("x", FAR_APART[0], "girl"), ("y", FAR_APART[1], "girl"))
    acts = ["소녀시대", unicodedata.normalize("NFD", "소녀시대")]
    catalog = catalog_table(entries.assign(artist=acts), general())
    assert catalog["acts"].tolist() == [["소녀시대"], ["소녀시대"]]


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
    assert catalog["representative"].to_dict() == {
        **{"c": "c", "again": "c", "large": "large", "small": "large", "alone": "alone"}
    }
    assert catalog["group_size"].to_dict() == {
        **{"c": 2, "again": 2, "large": 2, "small": 2, "alone": 1}
    }
    assert catalog["near_duplicate_of"].isna()["alone"]


def test_general_is_compared_with_chart_covers_that_repeat_each_other() -> None:
    catalog = catalog_table(
        chart(("a", "0000000000000000", "boy"), ("b", "00000000000000ff", "boy")),
        general(("g", "00000000000001ff", 900)),
        training_uses="all",
    ).set_index("hash")
    assert catalog["near_duplicate_of"]["b"] == "a"
    assert catalog["cover_sets"]["b"] == ["boy", "popular"]
    assert catalog["near_duplicate_of"]["g"] == "b"
    assert catalog["cover_sets"]["g"] == []


def test_the_largest_chart_cover_stands_for_its_group_and_of_equals_the_earliest_entry() -> None:
    entries = pd.concat(
        [
            chart(("first", FAR_APART[0], "girl"), ("second", NEAR_FIRST[0], "girl")),
            chart(("large", NEAR_FIRST[1], "girl"), width=900),
            chart(("e", FAR_APART[1], "boy"), ("f", "fffffffffffffffe", "boy")),
        ],
        ignore_index=True,
    )
    huge = general(("huge", NEAR_FIRST[2], 3000))
    one = sets_by_hash(catalog_table(entries, huge))
    assert one == {
        "first": [],
        "second": [],
        "large": ["girl", "popular"],
        "e": ["boy", "popular"],
        "f": [],
        "huge": [],
    }
    every = sets_by_hash(catalog_table(entries, huge, training_uses="all"))
    assert every["first"] == every["second"] == every["large"] == ["girl", "popular"]
    assert every["f"] == ["boy", "popular"]
    assert every["huge"] == []


def test_of_equally_large_general_pictures_the_one_seen_first_stands_for_them() -> None:
    pictures = general(("a", FAR_APART[0], 500), ("b", NEAR_FIRST[0], 500))
    days = pd.to_datetime(["2026-02-01", "2026-01-01"], utc=True)
    assert sets_by_hash(catalog_table(chart(), pictures.assign(first_seen_at=days))) == {
        "a": [],
        "b": ["general"],
    }
    assert sets_by_hash(catalog_table(chart(), pictures.assign(first_seen_at=days[0]))) == {
        "a": ["general"],
        "b": [],
    }
    both = catalog_table(chart(), pictures, training_uses="all")
    assert sets_by_hash(both) == {"a": ["general"], "b": ["general"]}


def test_general_keeps_one_of_a_group_whose_representative_repeats_a_chart_cover() -> None:
    catalog = catalog_table(
        chart(("c", "0000000000000000", "boy")),
        general(("near", "00000000000000ff", 900), ("far", "0000000000000fff", 300)),
    )
    assert sets_by_hash(catalog)["near"] == []
    assert sets_by_hash(catalog)["far"] == ["general"]


def test_rejected_pictures_stay_with_their_reason_in_no_set_and_represent_nobody() -> None:
    catalog = catalog_table(
        chart(("poster", FAR_APART[0], "girl"), ("c", FAR_APART[1], "boy")),
        general(
            ("copy", NEAR_FIRST[0], 300), ("shirt", FAR_APART[2], 900), ("g", FAR_APART[2], 300)
        ),
        rejected={"poster": "a poster", "shirt": "a T-shirt", "elsewhere": "unknown here"},
        not_cover_reasons={"g": ["small"]},
    ).set_index("hash")
    assert catalog["rejected"].dropna().to_dict() == {"poster": "a poster", "shirt": "a T-shirt"}
    assert catalog["cover_sets"]["poster"] == []
    assert catalog["cover_sets"]["shirt"] == []
    assert catalog["cover_sets"]["copy"] == ["general"]
    assert catalog["cover_sets"]["g"] == ["general"]
    assert catalog["representative"]["shirt"] == "g"
    assert catalog["not_cover_reasons"].to_dict() == {
        **{"poster": [], "c": [], "shirt": []},
        **{"copy": [LIKE_REJECTED], "g": ["small", LIKE_REJECTED]},
    }


def test_a_picture_is_gone_when_it_is_gone_from_every_place_where_it_was_found() -> None:
    monday, tuesday = pd.to_datetime(["2026-03-02", "2026-03-03"], utc=True)
    entries = chart(*[(name, FAR_APART[0], "boy") for name in ("gone", "gone", "half", "half")])
    found = general(("half", FAR_APART[0], 500), ("g", FAR_APART[1], 500))
    catalog = catalog_table(
        entries.assign(gone_since=[monday, tuesday, monday, monday]), found
    ).set_index("hash")
    assert catalog["gone_since"]["gone"] == tuesday
    assert catalog["gone_since"].isna()[["half", "g"]].all()
    assert catalog_table(entries, found)["gone_since"].isna().all()


def test_an_empty_set_and_an_unknown_set_are_named() -> None:
    catalog = catalog_table(chart(("b", FAR_APART[0], "boy")), general())
    assert covers_of_set(catalog, "boy")["hash"].tolist() == ["b"]
    with pytest.raises(EmptyCoverSetError, match="at least one cover in the set 'girl'"):
        covers_of_set(catalog, "girl")
    with pytest.raises(UnknownCoverSetError, match=r"boy, girl, popular, general, got 'duo'"):
        covers_of_set(catalog, "duo")
