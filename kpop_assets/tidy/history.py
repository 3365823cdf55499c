"""Old runs of Dagster's history, with their events and logs."""

import time
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kpop_assets.tidy.waste import DAY_S, Waste, WasteOfKind, size_of

if TYPE_CHECKING:
    import dagster as dg

AT_A_TIME = 500


def waste_of_history(
    instance: "dg.DagsterInstance", keep_days: float, needed: Collection[str]
) -> WasteOfKind:
    """Return the runs that ended more than `keep_days` ago.

    Those `needed` stay, and those with the latest materialization of an asset or of one of its
    sets: what is made from them would be made again, and the UI would know nothing of them.
    """
    kept = {*needed, *_runs_of_latest_materializations(instance)}
    before = time.time() - keep_days * DAY_S
    return WasteOfKind(
        "runs of Dagster's history",
        f"ended more than {keep_days:g} days ago, and made nothing that is the latest",
        [
            Waste(run_id, _size(instance, run_id), lambda run_id=run_id: _delete(instance, run_id))  # type: ignore[misc]
            for run_id in _runs_that_ended(instance, before)
            if run_id not in kept
        ],
    )


def _runs_that_ended(instance: "dg.DagsterInstance", before: float) -> Iterator[str]:
    cursor = None
    while records := instance.get_run_records(cursor=cursor, limit=AT_A_TIME):
        cursor = records[-1].dagster_run.run_id
        for record in records:
            if record.dagster_run.is_finished and record.update_timestamp.timestamp() < before:
                yield record.dagster_run.run_id


def _runs_of_latest_materializations(instance: "dg.DagsterInstance") -> Iterator[str]:
    import dagster as dg

    for asset in instance.all_asset_keys():
        seen: set[str | None] = set()
        cursor, more = None, True
        while more:
            found = instance.fetch_materializations(
                dg.AssetRecordsFilter(asset), limit=AT_A_TIME, cursor=cursor
            )
            cursor, more = found.cursor, found.has_more
            for record in found.records:
                if record.partition_key not in seen:
                    seen.add(record.partition_key)
                    yield record.run_id


def _delete(instance: "dg.DagsterInstance", run_id: str) -> None:
    instance.delete_run(run_id)
    instance.compute_log_manager.delete_logs(prefix=[run_id])
    for path in _files_of_run(instance, run_id):
        if path.is_dir():
            path.rmdir()
        else:
            path.unlink()


def _size(instance: "dg.DagsterInstance", run_id: str) -> int:
    return sum(size_of(path) for path in _files_of_run(instance, run_id))


def _files_of_run(instance: "dg.DagsterInstance", run_id: str) -> list[Path]:
    """Return what Dagster keeps of one run in files: its events in SQLite, the folder of its logs.

    Other databases have no file for a run.
    """
    from dagster._core.storage.event_log import SqliteEventLogStorage
    from dagster._core.storage.local_compute_log_manager import LocalComputeLogManager

    found: list[Path] = []
    events, logs = instance.event_log_storage, instance.compute_log_manager
    if isinstance(events, SqliteEventLogStorage):
        database = Path(events.path_for_shard(run_id))
        found += database.parent.glob(f"{database.name}*")
    if isinstance(logs, LocalComputeLogManager):
        found.append(Path(logs.get_captured_local_path([run_id, "compute_logs"], "out")).parent)
    return [path for path in found if path.exists()]
