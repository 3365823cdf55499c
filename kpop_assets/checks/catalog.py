"""What must hold of the catalog."""

import dagster as dg

from kpop_assets.tables import Table


@dg.asset_check(
    asset="cover_catalog",
    blocking=True,
    description="No cover is in two of the sets boy, girl and general. If one is, the artist types "
    "or covers.csv contradict each other.",
)
def no_cover_leaks_between_sets(cover_catalog: Table) -> dg.AssetCheckResult:
    """Fail when a picture belongs to two sets that exclude each other."""
    exclusive = [
        len({"boy", "girl", "general"} & set(sets)) > 1 or {"popular", "general"} <= set(sets)
        for sets in cover_catalog["cover_sets"]
    ]
    leaks = cover_catalog.loc[exclusive, "hash"].tolist()
    return dg.AssetCheckResult(
        passed=not leaks,
        description=f"{len(leaks)} covers in two sets" if leaks else "no cover in two sets",
        metadata={"covers": leaks[:20]},
    )
