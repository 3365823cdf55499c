"""What must hold of the catalog."""

import dagster as dg

from kpop_assets.store.tables import Table

EXCLUSIVE = ({"boy", "girl"}, {"boy", "general"}, {"girl", "general"}, {"popular", "general"})
LEAST_GIRL_SHARE = 0.25
"""Of the boy and girl covers: half of an even share."""
FEWEST_GIRL_ACTS = 10
"""With fewer, one act has more than a tenth of the set on average, and its style is the set's."""


@dg.asset_check(
    asset="cover_catalog",
    blocking=True,
    description="No picture, and no group of pictures that nearly equal each other, is in two of "
    "the sets boy, girl and general, or in popular and general. If one is, the artist types or "
    "covers.csv contradict each other.",
)
def no_cover_leaks_between_sets(cover_catalog: Table) -> dg.AssetCheckResult:
    """Fail when a group of pictures belongs to two sets that exclude each other."""
    sets_of_groups: dict[str, set[str]] = {}
    for name, sets in zip(
        cover_catalog["representative"], cover_catalog["cover_sets"], strict=True
    ):
        sets_of_groups.setdefault(name, set()).update(sets)
    leaks = [
        name for name, sets in sets_of_groups.items() if any(pair <= sets for pair in EXCLUSIVE)
    ]
    return dg.AssetCheckResult(
        passed=not leaks,
        description=f"{len(leaks)} covers in two sets" if leaks else "no cover in two sets",
        metadata={"covers": leaks[:20]},
    )


@dg.asset_check(
    asset="cover_catalog",
    description=f"At least {LEAST_GIRL_SHARE:.0%} of the boy and girl covers are girl covers, and, "
    f"where artists are known, they are of at least {FEWEST_GIRL_ACTS} acts. Below that, what is "
    "seen in the girl set may be the style of a few acts: say so beside every comparison, fetch "
    "the chart deeper, or add covers of your own.",
)
def girl_covers_are_not_too_few(cover_catalog: Table) -> dg.AssetCheckResult:
    """Warn when the girl set is too small a part, or of too few acts, to speak for girl covers."""
    from kpop_assets.covers.curating.curation import acts_behind, share_of_girl_covers

    share = share_of_girl_covers(cover_catalog)
    acts = acts_behind(cover_catalog, "girl")
    boy_acts = acts_behind(cover_catalog, "boy")
    if share is None:
        return dg.AssetCheckResult(passed=True, description="no boy and no girl covers")
    found = f"{share:.0%} of the boy and girl covers are girl covers"
    known = bool(acts or boy_acts)
    if known:
        found += f", of {len(acts)} acts ({', '.join(acts)})"
    return dg.AssetCheckResult(
        passed=share >= LEAST_GIRL_SHARE and (not known or len(acts) >= FEWEST_GIRL_ACTS),
        severity=dg.AssetCheckSeverity.WARN,
        description=found,
        metadata={"share": round(share, 3), "acts": len(acts), "acts_of_boy_covers": len(boy_acts)},
    )
