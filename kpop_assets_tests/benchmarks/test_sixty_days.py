"""benchmarks/scale/sixty_days.py: some days of it, with a small crawl and a short chart."""

import random
from pathlib import Path

import dagster as dg
import pytest

from benchmarks.scale.sixty_days import Weeks
from kpop_assets.dagster_home import dagster_home
from kpop_assets.sample_world.faults import Fault
from kpop_assets.sample_world.server import SampleSite
from kpop_assets.store.artifacts import Store
from kpop_assets.store.tables import stored_table

SMALL = {
    "weekly_general_crawl": {
        "ops": {
            "crawled_covers": {
                "config": {
                    "keywords": ["가온 앨범 아트"],
                    **{"bing_pictures": 12, "google_pictures": 6, "fewest_covers": 5},
                }
            }
        }
    },
    "january_chart": {"ops": {"gaon_year_end_top10": {"config": {"first_year": 2023}}}},
}


@pytest.mark.slow
def test_schedules_left_on_for_weeks_lose_nothing_and_say_what_went_wrong(
    site: SampleSite, tmp_path: Path
) -> None:
    home = str(dagster_home(Store(tmp_path / "store")))
    with dg.DagsterInstance.from_config(home) as instance:
        weeks = Weeks(tmp_path, site, instance, random.Random(1), SMALL, keep_days=7)
        weeks.start()
        assert not any("failed" in what for what in weeks.runs)
        years = stored_table(weeks.store, "gaon_year_end_top10")["year"]
        assert sorted(set(years)) == [2023, 2024]
        for _ in range(28):
            weeks.day()
        assert weeks.unseen == []
        assert sum(weeks.runs.values()) > instance.get_runs_count()
        crawls = [weeks.runs[f"weekly_general_crawl {how}"] for how in ("succeeded", "failed")]
        assert sum(crawls) == 1 + 4
    years = stored_table(weeks.store, "gaon_year_end_top10")["year"]
    assert sorted(set(years)) == [2023, 2024, 2025]


def test_a_day_on_which_a_source_is_down_is_seen(site: SampleSite, tmp_path: Path) -> None:
    home = str(dagster_home(Store(tmp_path / "store")))
    with dg.DagsterInstance.from_config(home) as instance:
        weeks = Weeks(tmp_path, site, instance, random.Random(1), SMALL)
        weeks.faults_of_a_day = lambda: [Fault("www.bing.com", "500")]
        weeks.day()
        assert weeks.troubles["check sources_answered of crawled_covers"] == 1
