"""Two runs make one asset at a time: the second waits and takes over what the first made."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from kpop_assets.definitions import definitions
from kpop_assets.sample_world.server import SampleSite
from kpop_assets.settings import Settings
from kpop_assets.store.artifacts import Store
from kpop_assets.store.sole_use import sole_use
from kpop_assets_tests.conftest import TINY_TRAINING, failure_text, materializing, metadata
from kpop_assets_tests.defs.conftest import CRAWL, RunningSite

ONCE = TINY_TRAINING.model_copy(update={"train_again": False})


@pytest.fixture
def history(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    """A history on disk, which several threads may write to."""
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        yield instance


def messages(instance: dg.DagsterInstance, result: dg.ExecuteInProcessResult) -> list[str]:
    return [entry.user_message for entry in instance.all_logs(result.run_id)]


def at_once(
    *runs: Callable[[], dg.ExecuteInProcessResult],
) -> list[dg.ExecuteInProcessResult]:
    with ThreadPoolExecutor() as threads:
        return [run.result() for run in [threads.submit(run) for run in runs]]


def crawling(
    site: SampleSite, store: Path, instance: dg.DagsterInstance, wait_minutes: float = 5
) -> Callable[..., dg.ExecuteInProcessResult]:
    settings = Settings("sample", None, store, wait_minutes=wait_minutes)
    lineage = definitions(settings)
    sites = RunningSite(sites="sample", address=site.address, patient=True)

    def crawl(**config: object) -> dg.ExecuteInProcessResult:
        return dg.materialize(
            list(lineage.assets or []),
            selection="crawled_covers",
            resources={**(lineage.resources or {}), "sites": sites},
            instance=instance,
            run_config=dg.RunConfig(ops={"crawled_covers": CRAWL.model_copy(update=config)}),
            raise_on_error=False,
        )

    return crawl


def test_of_two_crawls_at_once_one_asks_the_sites_and_the_other_takes_its_table(
    site: SampleSite, tmp_path: Path, history: dg.DagsterInstance
) -> None:
    crawl = crawling(site, tmp_path / "store", history)
    assert crawl().success
    asked_by_one = sum(site.sent.values())
    site.sent.clear()
    first, second = at_once(crawl, crawl)
    assert first.success
    assert second.success
    assert sum(site.sent.values()) <= asked_by_one
    about = {run.run_id: metadata(run, "crawled_covers") for run in (first, second)}
    [waited] = [run for run in (first, second) if "unchanged_since" in about[run.run_id]]
    other = second if waited is first else first
    [told] = [line for line in messages(history, waited) if "waiting" in line]
    assert told.endswith(" makes crawled_covers; waiting for it, 5 minutes at most")
    assert f"taken over from run {other.run_id[:8]}" in messages(history, waited)
    assert about[waited.run_id]["rows"] == about[other.run_id]["rows"]
    assert [check.passed for check in waited.get_asset_check_evaluations()] == [True]


def test_a_crawl_of_another_config_is_not_taken_over(
    site: SampleSite, tmp_path: Path, history: dg.DagsterInstance
) -> None:
    crawl = crawling(site, tmp_path / "store", history)
    runs = at_once(crawl, lambda: crawl(bing_pictures=9))
    assert all(run.success for run in runs)
    assert not any("unchanged_since" in metadata(run, "crawled_covers") for run in runs)


def test_where_the_other_run_failed_the_next_makes_the_table(
    site: SampleSite, tmp_path: Path, history: dg.DagsterInstance
) -> None:
    crawl = crawling(site, tmp_path / "store", history)
    failing, good = at_once(lambda: crawl(fewest_covers=9_000), crawl)
    assert "CrawlTooSmallError" in failure_text(failing)
    assert good.success
    assert len(pd.read_parquet(tmp_path / "store/crawled_covers.parquet"))


def test_the_wait_has_a_limit(
    site: SampleSite, tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    crawl = crawling(site, tmp_path, instance, wait_minutes=0.02)
    locked = Store(tmp_path).lock("crawled_covers")
    with sole_use(locked, "the test"):
        (locked / ".run").write_text("1a2b3c4d-and-so-on")
        result = crawl()
    text = failure_text(result)
    assert "FolderBusyError: waited 0.02 minutes (KPOP_WAIT_MINUTES): expected no other" in text
    told = "run 1a2b3c4d makes crawled_covers; waiting for it, 0.02 minutes at most"
    assert told in messages(instance, result)


def test_what_nothing_has_changed_of_is_made_by_one_of_two_runs(
    covers_folder: Path, tmp_path: Path, history: dg.DagsterInstance
) -> None:
    materialize = materializing(covers_folder, tmp_path / "store", history)
    assert materialize("folder_covers", "cover_catalog").success
    runs = at_once(*[lambda: materialize("cover_tensors")] * 2)
    assert all(run.success for run in runs)
    assert sum("unchanged_since" in metadata(run, "cover_tensors") for run in runs) == 1


@pytest.mark.usefixtures("store_with_tensors")
def test_of_two_trainings_of_a_set_at_once_one_trains(
    covers_folder: Path, tmp_path: Path, history: dg.DagsterInstance
) -> None:
    materialize = materializing(covers_folder, tmp_path / "store", history)
    runs = at_once(*[lambda: materialize("cover_generator", training=ONCE)] * 2)
    assert all(run.success for run in runs)
    assert sum("unchanged_since" in metadata(run, "cover_generator") for run in runs) == 1
    said = [line for run in runs for line in messages(history, run)]
    assert sum("starting TensorFlow" in line for line in said) == 1
    assert sum("makes cover_generator of boy; waiting for it" in line for line in said) == 1


@pytest.mark.usefixtures("store_with_tensors")
def test_sets_do_not_wait_for_each_other(
    covers_folder: Path, tmp_path: Path, history: dg.DagsterInstance
) -> None:
    materialize = materializing(covers_folder, tmp_path / "store", history)
    boys = Store(tmp_path / "store").lock("cover_generator", "boy")
    with sole_use(boys, "a training in another window"):
        assert materialize("cover_generator", cover_set="girl", training=ONCE).success
