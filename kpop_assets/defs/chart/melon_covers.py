"""Covers of the chart entries."""

from collections.abc import Callable, Iterator

import dagster as dg
from pydantic import Field

from kpop_assets.defs.automation import WHEN_CONTENT_CHANGED
from kpop_assets.defs.cluster.source_retries import asked_again
from kpop_assets.defs.freshness import (
    CHART_FRESHNESS,
    kept_from_before,
    sources_answered,
    sources_answered_spec,
)
from kpop_assets.defs.pools import SHOPS
from kpop_assets.defs.previews import picture_previews
from kpop_assets.defs.resources import StoreResource
from kpop_assets.defs.reuse.turns import unless_just_made
from kpop_assets.defs.site_resource import SiteResource
from kpop_assets.defs.versions import table_version
from kpop_assets.defs.world import of_sites
from kpop_assets.project import REFERENCE_FOLDER
from kpop_assets.sites.shops.sources import SOURCES
from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import DamagedArtifactError, MissingArtifactError
from kpop_assets.store.leftovers import remove_leftover_pictures
from kpop_assets.store.tables import Table, stored_table

SETTLED_ALBUMS = REFERENCE_FOLDER / "melon_albums.csv"
SHOWN_SENTENCES = 50
ASKED_IN_TURN = ", ".join(source.title for source in SOURCES)
DESCRIPTION = f"""One cover for each distinct album of the chart, one row per chart entry.

These sources are asked in turn until one has it (`source`): {ASKED_IN_TURN}.
`score` and `match_reason` say how artist and title fit, `exact` whether they are the chart's. An
album below the score is not taken: it stands under needs_review until a line in
data/reference/melon_albums.csv settles it.

A cover found before is only asked whether its picture changed. It stays where a source fails
(`kept_because`) or its picture has vanished from the web (`gone_since`). Pictures lie in the
store once each, re-encoded, under the SHA-256 of their content."""


class MelonConfig(dg.Config):
    """How the covers of the chart are looked up."""

    look_up_again: bool = Field(
        False,
        description="Look every album up anew. By default a cover found before is only asked "
        "whether its picture changed.",
    )


@dg.asset(
    group_name="chart",
    pool=SHOPS,
    kinds={"pandas", "image"},
    code_version="2",
    io_manager_key="tables",
    automation_condition=WHEN_CONTENT_CHANGED,
    description=DESCRIPTION,
    freshness_policy=CHART_FRESHNESS,
    check_specs=[sources_answered_spec("melon_covers")],
)
@unless_just_made
def melon_covers(
    context: dg.AssetExecutionContext,
    config: MelonConfig,
    gaon_year_end_top10: Table,
    sites: SiteResource,
    store: StoreResource,
) -> Iterator[dg.MaterializeResult[Table]]:
    """One cover for each distinct album of the chart, one row per chart entry."""
    from kpop_assets.defs.chart import cover_review
    from kpop_assets.harvest import entry_covers
    from kpop_assets.sites.matching.settled_albums import SettledAlbums, read_settled_albums

    settled = read_settled_albums(SETTLED_ALBUMS, context.log.warning)
    open_store = store.open()
    left_out: list[str] = []
    remove_leftover_pictures(open_store, context.log.info)
    with asked_again(context, sites), sites.session() as session:
        table = entry_covers.covers_of_entries(
            gaon_year_end_top10,
            session,
            open_store,
            context.log.info,
            before=_table_before(open_store, context.log.warning),
            settled=settled,
            look_up_again=config.look_up_again,
            note=left_out.append,
        ).assign(sites=sites.sites)
    if left_out:
        context.log.warning(f"records left out of {len(left_out)} answers: {left_out[0]}")
    found = table[table["hash"].notna()]
    if found.empty:
        raise entry_covers.NoCoversError(
            f"expected covers for {len(table)} chart entries, but none was found; first reason: "
            f"{table['reason'].iloc[0]}; the previous covers stay"
        )
    without = table[table["hash"].isna()]
    context.log.info(
        f"{len(found)} of {len(table)} entries have a cover, "
        f"{found['hash'].nunique()} distinct pictures"
    )
    review = cover_review.review_metadata(table)
    if kept := review["entries_kept_from_before"]:
        first = cover_review.kept_from_before(table)[0]
        context.log.warning(f"{kept} entries keep their cover from before: {first['because']}")
    if to_review := review["entries_needs_review"]:
        context.log.warning(f"{to_review} albums to review, see the metadata needs_review")
    chart_keys = set(zip(table["artist"], table["album"], strict=True))
    yield dg.MaterializeResult(
        value=table,
        check_results=[sources_answered(kept_from_before(table))],
        data_version=table_version(
            table.assign(gone=table["gone_since"].notna()), entry_covers.CONTENT
        ),
        metadata={
            **picture_previews(open_store, found["hash"].unique().tolist(), "chart covers"),
            "entries_with_cover": len(found),
            "entries_without_cover": len(without),
            "without_cover": [
                f"{row.year} #{row.rank} {row.artist}, {row.album}: {row.reason}"
                for row in without.itertuples()
            ],
            "distinct_pictures": int(found["hash"].nunique()),
            "inexact_matches": int((~found["exact"].astype(bool)).sum()),
            **review,
            "settled_but_not_on_the_chart": [
                ", ".join(key) for key in SettledAlbums(settled).not_among(chart_keys)
            ],
            "answers_with_records_left_out": len(left_out),
            "left_out_of_answers": left_out[:SHOWN_SENTENCES],
            "sites": sites.sites,
        },
    )


def _table_before(store: Store, warn: Callable[[str], object]) -> Table | None:
    """Return the table of the last run, None without one; warns of a damaged one."""
    try:
        return stored_table(store, "melon_covers")
    except MissingArtifactError:
        return None
    except DamagedArtifactError as error:
        warn(f"every album is looked up again: {error}")
        return None


def definitions() -> dg.Definitions:
    """Return the covers of the chart, in the world of the sites."""
    return of_sites(melon_covers)
