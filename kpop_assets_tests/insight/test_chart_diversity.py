"""Whose albums the chart has."""

import pandas as pd

from kpop_assets.insight.chart_diversity import diversity_by_year


def test_a_row_a_year_and_one_for_all() -> None:
    entries = pd.DataFrame(
        [
            (2010, "TWICE", "girl", "a"),
            (2010, "EXO", "boy", "b"),
            (2010, "EXO", "boy", "b"),
            (2011, "EXO", "boy", "b"),
            (2011, "somebody", None, None),
        ],
        columns=["year", "artist", "artist_type", "representative"],
    )
    first, second, everything = diversity_by_year(entries).to_dict("records")
    assert first == {
        **{"year": "2010", "entries": 3, "boy": 2, "girl": 1, "mixed": 0, "unknown": 0},
        **{"acts": 2, "pictures": 2, "sharing": 2, "without_cover": 0},
        **{"top_act": "EXO", "top_share": 0.667},
    }
    assert (second["sharing"], second["without_cover"], second["unknown"]) == (0, 1, 1)
    assert (everything["year"], everything["sharing"], everything["pictures"]) == ("all", 3, 2)
    assert everything["top_share"] == 0.6
