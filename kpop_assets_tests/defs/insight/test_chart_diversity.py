"""The diversity of the chart, made of chart, covers and catalog."""

import dagster as dg
import pandas as pd

from kpop_assets.defs.insight.chart_diversity import chart_diversity

Entry = tuple[int, str, str, str | None]


def total(*entries: Entry) -> dict[str, int]:
    """Counts over entries of one year: rank, artist, album and the hash of the cover."""
    table = pd.DataFrame(entries, columns=["rank", "artist", "album", "hash"]).assign(
        year=2020, artist_type="boy", sites="sample"
    )
    pictures = table["hash"].dropna().unique()
    catalog = pd.DataFrame({"hash": pictures, "representative": pictures})
    row = chart_diversity(dg.build_asset_context(), table, table, catalog).value.iloc[-1]
    return {name: row[name] for name in ("entries", "pictures", "sharing", "without_cover")}


def test_entries_that_share_a_rank_keep_their_own_covers() -> None:
    tied = total((1, "A", "a", "1"), (2, "B", "b", "2"), (2, "C", "c", "3"), (2, "D", "d", "4"))
    assert tied == {"entries": 4, "pictures": 4, "sharing": 0, "without_cover": 0}


def test_an_act_that_is_tied_with_itself_has_two_albums() -> None:
    tied = total((1, "A", "first", "1"), (1, "A", "second", "2"))
    assert tied == {"entries": 2, "pictures": 2, "sharing": 0, "without_cover": 0}


def test_a_tied_entry_without_cover_does_not_take_its_neighbours() -> None:
    tied = total((1, "A", "a", None), (1, "B", "b", "2"))
    assert tied == {"entries": 2, "pictures": 1, "sharing": 0, "without_cover": 1}


def test_two_versions_of_an_album_share_its_cover_and_count_as_two_entries() -> None:
    tied = total((1, "A", "a", "1"), (1, "A", "a", "1"), (3, "B", "b", "2"))
    assert tied == {"entries": 3, "pictures": 2, "sharing": 2, "without_cover": 0}
