"""A crawl killed at any moment and run again ends as an unbroken one, in a store without halves."""

import hashlib
import io
import multiprocessing
import random
import shutil
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
import pandas as pd
import pytest

from kpop_assets.definitions import definitions
from kpop_assets.defs.crawl.crawled_covers import CrawlConfig
from kpop_assets.project import REFERENCE_FOLDER
from kpop_assets.sample_world.server import SampleSite
from kpop_assets.settings import Settings
from kpop_assets_tests.defs.conftest import RunningSite

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

KILLS, KILLS_IN_A_ROW = 30, 3
CRAWL = CrawlConfig(
    keywords=["한국 앨범 표지"], bing_pictures=16, google_pictures=8, fewest_covers=20
)
TIMES = ["fetched_at", "first_seen_at", "last_seen_at", "checked_at"]


class SlowFile(io.FileIO):
    """Pauses in the middle of every write, as a busy disk does, so that a kill falls into it."""

    def write(self, content: "ReadableBuffer") -> int:
        data = memoryview(content).cast("B")
        written = super().write(data[: len(data) // 2])
        time.sleep(0.01)
        return written + super().write(data[written:])


def on_a_slow_disk() -> None:
    """Let files be written slowly in this process from now on."""
    usual = Path.open

    def slowly(path: Path, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        return SlowFile(path, mode) if mode == "wb" else usual(path, mode, *args, **kwargs)

    Path.open = slowly  # type: ignore[method-assign,assignment]


def crawl(
    store: Path, address: str, slow_disk: bool = False, started: Connection | None = None
) -> None:
    """Materialize crawled_covers from a running site, in this process."""
    if slow_disk:
        on_a_slow_disk()
    lineage = definitions(Settings(sites="sample", covers_dir=None, store=store))
    if started:
        started.send("started")
    dg.materialize(
        list(lineage.assets or []),
        selection=["crawled_covers"],
        resources={
            **(lineage.resources or {}),
            "sites": RunningSite(sites="sample", address=address, patient=True),
        },
        run_config=dg.RunConfig(ops={"crawled_covers": CRAWL}),
    )


def start(store: Path, address: str, slow_disk: bool = False) -> BaseProcess:
    """Start a crawl in a process of its own and return once it is about to begin."""
    started, sender = processes().Pipe(duplex=False)
    process = processes().Process(target=crawl, args=(store, address, slow_disk, sender))
    process.start()
    assert started.poll(60), "the crawl did not start within 60 s"
    return process


def seconds_to_the_end(process: BaseProcess) -> float:
    begin = time.monotonic()
    process.join()
    assert process.exitcode == 0
    return time.monotonic() - begin


def processes() -> multiprocessing.context.ForkServerContext:
    """Processes forked from one that has imported all that a crawl needs."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, "kpop_assets.harvest.general_crawl"])
    return context


def table_without_times(store: Path) -> pd.DataFrame:
    return pd.read_parquet(store / "crawled_covers.parquet").drop(columns=TIMES)


def no_half_file(store: Path) -> None:
    """Every file is whole, but for locks, and temporary ones that nothing reads."""
    for path in store.rglob("*"):
        if path.is_dir() or path.name.endswith((".tmp", ".lock")) or "locks" in path.parts:
            continue
        if path.suffix == ".jpg":
            assert hashlib.sha256(path.read_bytes()).hexdigest() == path.stem
        else:
            assert path.suffix == ".parquet"
            assert len(pd.read_parquet(path)) >= CRAWL.fewest_covers


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with SampleSite(REFERENCE_FOLDER) as site:
        yield site.address


@pytest.mark.slow
def test_a_crawl_killed_at_any_of_thirty_moments_ends_as_an_unbroken_one(
    tmp_path: Path, address: str
) -> None:
    unbroken = tmp_path / "unbroken"
    crawl(unbroken, address)
    expected = table_without_times(unbroken)
    length = seconds_to_the_end(start(tmp_path / "timed", address, slow_disk=True))
    assert table_without_times(tmp_path / "timed").equals(expected)

    moments, killed = random.Random(3), 0
    while killed < KILLS:
        store = tmp_path / f"killed-{killed}"
        for _ in range(KILLS_IN_A_ROW):
            process = start(store, address, slow_disk=True)
            process.join(moments.uniform(0, length))
            if process.exitcode is not None:
                length *= 0.8
                shutil.rmtree(store)
                continue
            process.kill()
            process.join()
            killed += 1
            no_half_file(store)
        seconds_to_the_end(start(store, address))
        no_half_file(store)
        assert table_without_times(store).equals(expected)
        pictures = {path.stem for path in (store / "pictures").rglob("*.jpg")}
        assert pictures == set(expected["hash"])
