"""What the catalog shows: sets, repeats, suspects, and whose covers they are."""

from collections import Counter
from typing import Any

import dagster as dg

from kpop_assets.covers.curating.curation import (
    acts_behind,
    entries_by_artist_type,
    reissues,
    share_of_girl_covers,
)
from kpop_assets.covers.curating.duplicates import NEAR_DUPLICATE_BITS, distance_counts
from kpop_assets.covers.sets import COVER_SETS
from kpop_assets.covers.showing.markdown import picture_markdown
from kpop_assets.store.tables import Table

CHART_SETS = ("boy", "girl", "popular")


def catalog_metadata(chart_covers: Table, catalog: Table) -> dict[str, Any]:
    """Return the metadata of a catalog made from these chart covers, a row per entry."""
    repeats = catalog["near_duplicate_of"].notna()
    suspects = catalog["rejected"].isna() & (catalog["not_cover_reasons"].str.len() > 0)
    reasons = Counter(
        reason for found in catalog.loc[suspects, "not_cover_reasons"] for reason in found
    )
    share = share_of_girl_covers(catalog)
    acts = {name: acts_behind(catalog, name) for name in CHART_SETS}
    tables = {
        "reissues": reissues(chart_covers, catalog),
        "entries_and_covers": entries_by_artist_type(chart_covers, catalog),
    }
    facts: dict[str, Any] = {
        **{
            f"covers_{name}": int(sum(name in sets for sets in catalog["cover_sets"]))
            for name in COVER_SETS
        },
        "repeats": int(repeats.sum()),
        "repeats_of_chart_covers": int((repeats & (catalog["origin"] == "chart")).sum()),
        "distances_of_pairs": _distances(catalog),
        "may_be_no_covers": int(suspects.sum()),
        "may_be_no_covers_by_reason": dict(reasons.most_common()),
        "rejected": int(catalog["rejected"].notna().sum()),
        "gone_from_the_web": int(catalog["gone_since"].notna().sum()),
        "sites": ", ".join(sorted(catalog["sites"].unique())),
    }
    if share is not None:
        facts["share_of_girl_covers"] = round(share, 3)
    if any(acts.values()):
        facts["acts_by_set"] = {name: len(acts[name]) for name in CHART_SETS}
        facts["acts_behind_girl"] = acts["girl"]
    for name, records in tables.items():
        if records:
            facts[name] = dg.MetadataValue.table([dg.TableRecord(record) for record in records])
    return facts


def _distances(catalog: Table) -> dg.MarkdownMetadataValue:
    from kpop_assets.insight.duplicate_distances import duplicate_distances_figure

    counts = distance_counts(catalog["perceptual_hash"].tolist())
    title = f"distances of {len(catalog):,} covers"
    figure = duplicate_distances_figure(counts, NEAR_DUPLICATE_BITS, title)
    return dg.MetadataValue.md(picture_markdown(figure, "image/png", title))
