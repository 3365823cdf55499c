"""The schedules left on for 60 simulated days, while faults of the sample site come and go.

    python -m benchmarks.scale.sixty_days --days 60 --seed 0 2>/dev/null

At first all is made once. Each day the ticks of `weekly_general_crawl` and `january_chart` that
fall on it are evaluated at their simulated time, their jobs run, and what the automation conditions
of chart covers and catalog ask for. On Sundays `kpop tidy` runs. After each day what was there
before must still be there. Printed at the end: what ran, which troubles the UI shows and where, and
what grew. `--folder FOLDER` keeps it all, and `KPOP_STORE=FOLDER/store make ui` shows it.
"""

import argparse
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import dagster as dg
from dagster._utils.schedules import schedule_execution_time_iterator

from kpop_assets.dagster_home import NAME as DAGSTER
from kpop_assets.dagster_home import dagster_home
from kpop_assets.definitions import definitions
from kpop_assets.defs.site_resource import SiteResource
from kpop_assets.errors import KpopAssetsError
from kpop_assets.project import REFERENCE_FOLDER
from kpop_assets.sample_world.faults import Fault
from kpop_assets.sample_world.server import SampleSite
from kpop_assets.settings import Settings
from kpop_assets.sites.http.session import SiteSession
from kpop_assets.sites.http.transport import Limits
from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import MissingArtifactError
from kpop_assets.store.tables import stored_table
from kpop_assets.tidy.command import tidied
from kpop_assets.verify import verified

FIRST_DAY = datetime(2025, 12, 22, tzinfo=ZoneInfo("Asia/Seoul"))
FOLLOWING = ("melon_covers", "cover_catalog")
LIMITS = Limits(read_s=10, total_s=20, retries=1, backoff_s=0.01, retry_after_max_s=0.01)
HOSTS = {
    "circlechart.kr": ("500", "changed layout", "error page with 200", "CP949 text"),
    "www.melon.com": ("500", "changed layout", "empty search", "429 with Retry-After"),
    "cdnimg.melon.co.kr": ("404", "truncated JPEG", "HTML for a picture"),
    "www.bing.com": ("500", "changed layout", "empty search"),
    "www.google.com": ("429 with Retry-After", "error page with 200", "empty search"),
    "covers.kpop-assets.sample": ("404", "truncated JPEG", "SVG with script", "reset mid-body"),
}
"""Hosts and what goes wrong there for a day."""


class ValueLostError(KpopAssetsError):
    """Something that was in the store a day before is there no more."""


class SimulatedSites(SiteResource):
    """Sessions with a sample site that runs, at a time that is given."""

    address: str
    at: float

    def now(self) -> datetime:
        """Return the simulated time."""
        return datetime.fromtimestamp(self.at, UTC)

    @contextmanager
    def session(self) -> Iterator[SiteSession]:
        """Give a session with little patience."""
        yield SiteSession.sample(self.address, LIMITS)


@dataclass
class Weeks:
    """A store whose schedules are on, day after day, from `FIRST_DAY` on.

    `config` is the run config of the jobs, by name of the schedule. The history keeps `keep_days`.
    """

    folder: Path
    site: SampleSite
    instance: dg.DagsterInstance
    chance: random.Random
    config: Mapping[str, Any] = field(default_factory=dict)
    keep_days: int = 14
    began: list[float] = field(default_factory=list)
    runs: Counter[str] = field(default_factory=Counter)
    troubles: Counter[str] = field(default_factory=Counter)
    unseen: list[str] = field(default_factory=list)
    sizes: list[tuple[int, float, float, int]] = field(default_factory=list)
    faults_of_a_day: Callable[[], list[Fault]] | None = None
    _cursor: Any = None

    @property
    def store(self) -> Store:
        """Return the store."""
        return Store(self.folder / "store")

    def start(self) -> None:
        """Make chart, covers and crawl once, on a day without faults."""
        at = FIRST_DAY - timedelta(days=1)
        self._follow(at)
        for name in ("january_chart", "weekly_general_crawl"):
            self._run_schedule(name, at)
        self._follow(at)

    def day(self) -> None:
        """Let a day pass; raises ValueLostError."""
        number = len(self.began)
        self.began.append(time.time())
        today = FIRST_DAY + timedelta(days=number)
        before = self._held()
        self.site.faults[:] = (self.faults_of_a_day or self._faults_at_random)()
        for schedule, at in self._ticks(today):
            self._run_schedule(schedule, at)
            self._follow(at)
        self.site.faults.clear()
        self._require_all_of(before, today)
        if today.weekday() == 6:
            self._tidy()
            self._require_all_of(before, today)
        history = _megabytes(self.store.root / DAGSTER)
        store = _megabytes(self.store.root) - history
        self.sizes.append((number + 1, store, history, self.instance.get_runs_count()))

    def _require_all_of(self, before: Mapping[str, set[str]], today: datetime) -> None:
        now = self._held()
        if lost := [name for name, rows in before.items() if not rows <= now[name]]:
            raise ValueLostError(f"{today:%Y-%m-%d}: expected all rows of before in {lost}")
        if damaged := verified(self.store).damaged:
            raise ValueLostError(f"{today:%Y-%m-%d}: expected no damage, got {damaged}")

    def _faults_at_random(self) -> list[Fault]:
        hosts = self.chance.sample(sorted(HOSTS), self.chance.choice((0, 1, 1, 2)))
        return [
            Fault(host, self.chance.choice(HOSTS[host]), times=self.chance.choice((None, 1, 20)))
            for host in hosts
        ]

    def _ticks(self, today: datetime) -> list[tuple[str, datetime]]:
        repository = self._definitions(today).get_repository_def()
        found = []
        for schedule in repository.schedule_defs:
            zone = schedule.execution_timezone
            ticks = schedule_execution_time_iterator(
                today.timestamp(), str(schedule.cron_schedule), zone
            )
            at = next(ticks)
            if at < today + timedelta(days=1):
                found.append((schedule.name, at))
        return sorted(found, key=lambda tick: tick[1])

    def _run_schedule(self, name: str, at: datetime) -> None:
        repository = self._definitions(at).get_repository_def()
        schedule = repository.get_schedule_def(name)
        with dg.build_schedule_context(self.instance, scheduled_execution_time=at) as context:
            requests = schedule.evaluate_tick(context).run_requests or []
        for request in requests:
            job = repository.get_job(schedule.job_name)
            config = request.run_config or self.config.get(name, {})
            result = job.execute_in_process(
                run_config=config, instance=self.instance, tags=request.tags, raise_on_error=False
            )
            self._note(name, at, result)

    def _follow(self, at: datetime) -> None:
        """Run what the automation conditions ask for, as the sensor would."""
        for _ in FOLLOWING:
            lineage = self._definitions(at)
            evaluated = dg.evaluate_automation_conditions(
                lineage,
                self.instance,
                asset_selection=dg.AssetSelection.assets(*FOLLOWING),
                cursor=self._cursor,
            )
            self._cursor = evaluated.cursor
            asked = [
                name for name in FOLLOWING if evaluated.get_requested_partitions(dg.AssetKey(name))
            ]
            if not asked:
                return
            result = dg.materialize(
                [*(lineage.assets or [])],
                selection=dg.AssetSelection.assets(*asked),
                resources=lineage.resources,
                instance=self.instance,
                raise_on_error=False,
            )
            self._note("automation", at, result)

    def _note(self, name: str, at: datetime, result: dg.ExecuteInProcessResult) -> None:
        """Count the run, and where the UI shows the faults that it met."""
        self.runs[f"{name} {'succeeded' if result.success else 'failed'}"] += 1
        seen = [] if result.success else ["run failed"]
        for check in result.get_asset_check_evaluations():
            if not check.passed:
                seen.append(f"check {check.check_name} of {check.asset_key.to_user_string()}")
        logs = self.instance.all_logs(result.run_id)
        if any(entry.level >= 30 and not entry.is_dagster_event for entry in logs):
            seen.append("warning in the log")
        notes = [
            row["notes"]
            for event in result.get_asset_materialization_events()
            for row in _rows(event, "by_engine_and_keyword")
        ]
        if any("kept" in note and note.count(",") > 1 for note in map(str, notes)):
            seen.append("what was left out of a search, in the metadata")
        self.troubles.update(seen)
        met = [fault for fault in self.site.faults if fault.met and fault.times is None]
        if met and not seen:
            kinds = ", ".join(f"{fault.host}: {fault.kind}" for fault in met)
            self.unseen.append(f"{at:%Y-%m-%d} {name}: {kinds}")
        for fault in self.site.faults:
            fault.met = 0

    def _held(self) -> dict[str, set[str]]:
        """Return what is in the store: pictures, chart entries, entries with a cover."""
        held = {}
        for asset, columns in {
            "crawled_covers": ["hash"],
            "gaon_year_end_top10": ["year", "rank", "artist", "album"],
            "melon_covers": ["year", "rank", "artist", "album"],
        }.items():
            try:
                table = stored_table(self.store, asset)
            except MissingArtifactError:
                held[asset] = set()
                continue
            if asset == "melon_covers":
                table = table[table["hash"].notna()]
            held[asset] = set(table[columns].astype(str).agg("|".join, axis=1))
        return held

    def _tidy(self) -> None:
        """Run `kpop tidy`; its days are the simulated ones."""
        kept_from = self.began[max(0, len(self.began) - self.keep_days)]
        keep_days = (time.time() - kept_from) / 86_400
        print(tidied(self.store, self.instance.root_directory, keep_days, dry_run=False))

    def _definitions(self, at: datetime) -> dg.Definitions:
        lineage = definitions(Settings("sample", None, self.folder / "store"))
        sites = SimulatedSites(sites="sample", address=self.site.address, at=at.timestamp())
        return dg.Definitions(
            assets=lineage.assets,
            asset_checks=lineage.asset_checks,
            schedules=lineage.schedules,
            resources={**(lineage.resources or {}), "sites": sites},
        )


def _rows(event: dg.DagsterEvent, name: str) -> list[Mapping[str, Any]]:
    value = event.materialization.metadata.get(name)
    return [row.data for row in value.records] if isinstance(value, dg.TableMetadataValue) else []


def _megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def main() -> None:
    """Let the days pass and print what happened."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", help="an empty folder for store and history, kept")
    asked = parser.parse_args()
    with (
        nullcontext(asked.folder) if asked.folder else tempfile.TemporaryDirectory() as folder,
        SampleSite(REFERENCE_FOLDER) as site,
        dg.DagsterInstance.from_config(str(dagster_home(Store(f"{folder}/store")))) as instance,
    ):
        weeks = Weeks(Path(folder), site, instance, random.Random(asked.seed))
        began = time.perf_counter()
        weeks.start()
        for _ in range(asked.days):
            weeks.day()
        seconds = time.perf_counter() - began
        print(f"\n{asked.days} days in {seconds:.0f} s; seed {asked.seed}")
        for counted in (weeks.runs, weeks.troubles):
            print("\n".join(f"{count:5} {what}" for what, count in sorted(counted.items())), "\n")
        print("  day  store MB  history MB  runs")
        for day, store, history, runs in weeks.sizes[6::7]:
            print(f"{day:5} {store:9.1f} {history:11.1f} {runs:5}")
        print(f"faults of a whole day that nothing shows: {weeks.unseen or 'none'}")


if __name__ == "__main__":
    main()
