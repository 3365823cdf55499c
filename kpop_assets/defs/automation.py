"""When assets are materialized again: schedules for sources, a condition for the others."""

import dagster as dg

from kpop_assets.defs.world import of_sites

WHEN_CONTENT_CHANGED = dg.AutomationCondition.eager().replace(
    "any_deps_updated",
    dg.AutomationCondition.any_deps_match(dg.AutomationCondition.data_version_changed()),
)
"""Eager, except that an upstream asset with the same content as before triggers nothing."""

_A_DEP_IS_THERE = dg.AutomationCondition.any_deps_match(~dg.AutomationCondition.missing())

WHEN_ANY_CONTENT_CHANGED = WHEN_CONTENT_CHANGED.replace("any_deps_missing", ~_A_DEP_IS_THERE)
"""The same for assets over all cover sets: one set is enough."""

WHEN_A_SET_CHANGED = WHEN_CONTENT_CHANGED.replace(
    "any_deps_missing",
    ~_A_DEP_IS_THERE.ignore(
        dg.AssetSelection.assets(
            *("chart_diversity", "melon_covers", "crawled_covers", "folder_covers"),
            *("generated_songs", "song_quality", "conditional_generator"),
        )
    ),
)
"""The same, but the chart, the covers, the songs and the generator of all sets are not enough."""

SCHEDULES = [
    dg.ScheduleDefinition(
        name="weekly_general_crawl",
        target=dg.AssetSelection.assets("crawled_covers"),
        cron_schedule="0 4 * * 1",
        execution_timezone="Asia/Seoul",
        description="Crawls general covers again, Mondays at 04:00 in Seoul.",
    ),
    dg.ScheduleDefinition(
        name="january_chart",
        target=dg.AssetSelection.assets("gaon_year_end_top10", "melon_covers"),
        cron_schedule="0 4 15 1 *",
        execution_timezone="Asia/Seoul",
        description="Fetches the chart of the finished year and its covers on 15 January, when "
        "the year-end chart is out.",
    ),
]


def definitions() -> dg.Definitions:
    """Return the schedules of the sites' assets, all off until someone turns them on."""
    return of_sites(schedules=SCHEDULES)
