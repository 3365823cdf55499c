"""A source that is down is asked again; one that refuses or has changed is not."""

from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from kpop_assets.defs.chart.gaon_year_end_top10 import ChartConfig, gaon_year_end_top10
from kpop_assets.defs.crawl.crawled_covers import CrawlConfig, crawled_covers
from kpop_assets.defs.resources import StoreResource, TableIOManager
from kpop_assets.sample_world.catalogue import KEYWORD_WITH_AMPERSAND
from kpop_assets.sample_world.faults import Fault
from kpop_assets.sample_world.server import SampleSite
from kpop_assets_tests.conftest import failure_text
from kpop_assets_tests.defs.conftest import RunningSite

RETRIES = 2
A_YEAR = {"gaon_year_end_top10": ChartConfig(first_year=2015, last_year=2015)}
A_CRAWL = {
    "crawled_covers": CrawlConfig(
        keywords=[KEYWORD_WITH_AMPERSAND], bing_pictures=5, google_pictures=0, fewest_covers=1
    )
}

Asked = Callable[..., dg.ExecuteInProcessResult]


@pytest.fixture
def asked(site: SampleSite, tmp_path: Path, instance: dg.DagsterInstance) -> Asked:
    """Materializes a source asset, where a source that is down is asked so many times again."""

    def ask(retries: int, asset: dg.AssetsDefinition, config: dict[str, dg.Config]) -> object:
        return dg.materialize(
            [asset],
            resources={
                "sites": RunningSite(
                    sites="sample", address=site.address, retries=retries, first_wait_s=0.01
                ),
                "store": StoreResource(root=str(tmp_path), sites="sample"),
                "tables": TableIOManager(root=str(tmp_path)),
            },
            instance=instance,
            run_config=dg.RunConfig(ops=config),
            raise_on_error=False,
        )

    return ask


def waits(result: dg.ExecuteInProcessResult) -> list[float]:
    return [
        event.step_retry_data.seconds_to_wait or 0.0
        for event in result.all_events
        if event.is_step_up_for_retry
    ]


def test_a_chart_that_is_down_is_asked_again_until_it_answers(
    asked: Asked, site: SampleSite
) -> None:
    site.faults.append(Fault("circlechart.kr", "500", times=4))
    result = asked(RETRIES, gaon_year_end_top10, A_YEAR)
    assert result.success
    assert len(waits(result)) == 1


def test_one_that_stays_down_is_left_after_so_many_times_each_later(
    asked: Asked, site: SampleSite
) -> None:
    site.faults.append(Fault("circlechart.kr", "500"))
    result = asked(RETRIES, gaon_year_end_top10, A_YEAR)
    assert "ChartYearMissingError" in failure_text(result)
    first, second = waits(result)
    assert 0 < first <= 0.02
    assert 0 < second <= 0.06


@pytest.mark.parametrize("fault", ["404", "changed layout", "redirect to 127.0.0.1"])
def test_a_refusal_or_another_page_is_not_asked_again(
    asked: Asked, site: SampleSite, fault: str
) -> None:
    site.faults.append(Fault("circlechart.kr", fault))
    result = asked(RETRIES, gaon_year_end_top10, A_YEAR)
    assert "ChartYearMissingError" in failure_text(result)
    assert waits(result) == []


def test_a_laptop_asks_once(asked: Asked, site: SampleSite) -> None:
    site.faults.append(Fault("circlechart.kr", "500"))
    result = asked(0, gaon_year_end_top10, A_YEAR)
    assert "ChartYearMissingError" in failure_text(result)
    assert waits(result) == []


def test_a_search_that_is_down_is_asked_again_and_an_empty_one_is_not(
    asked: Asked, site: SampleSite
) -> None:
    site.faults.append(Fault("www.bing.com", "500", times=4))
    result = asked(RETRIES, crawled_covers, A_CRAWL)
    assert result.success
    assert len(waits(result)) == 1

    site.faults[:] = [Fault("www.bing.com", "empty search")]
    result = asked(RETRIES, crawled_covers, A_CRAWL)
    assert "CrawlTooSmallError" in failure_text(result)
    assert waits(result) == []
