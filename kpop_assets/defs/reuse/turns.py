"""One run at a time makes an asset; others wait for it and take over what it made."""

import functools
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import dagster as dg

from kpop_assets.defs.reuse.materializations import (
    as_before,
    data_version_tag,
    materialization,
    partition_of,
)
from kpop_assets.store.errors import FolderBusyError
from kpop_assets.store.tables import Table, stored_table
from kpop_assets.store.waiting import use_in_turn

if TYPE_CHECKING:
    from pathlib import Path

    from kpop_assets.defs.resources import StoreResource

SAY_EVERY_S = 300.0
RUN_FILE = ".run"
INPUT_VERSION_TAG = "dagster/input_data_version/"
Made = Iterator[dg.MaterializeResult[Table]]


@contextmanager
def turn(context: dg.AssetExecutionContext, store: "StoreResource") -> Iterator[float | None]:
    """Keep other runs from making the asset, in the partition at hand, while the block runs.

    Waits for a run that makes it, and yields since when, in seconds since 1970; None without a
    wait. Raises FolderBusyError after `wait_minutes` of the store, StoreWriteError.
    """
    asset, partition = context.asset_key.to_user_string(), partition_of(context)
    what = f"{asset} of {partition}" if partition else asset
    folder = store.open().lock(asset, partition)
    began, lines = time.time(), 0

    def on_wait(waited: float, error: FolderBusyError) -> None:
        nonlocal lines
        most = f"{store.wait_minutes:g} minutes"
        if waited >= store.wait_minutes * 60:
            raise FolderBusyError(f"waited {most} (KPOP_WAIT_MINUTES): {error}") from None
        if not lines:
            context.log.info(f"{_run_in(folder)} makes {what}; waiting for it, {most} at most")
        elif waited >= lines * SAY_EVERY_S:
            minutes = f"{waited / 60:.0f} minutes so far"
            context.log.info(f"{_run_in(folder)} still makes {what}; {minutes}")
        else:
            return
        lines += 1

    with use_in_turn(folder, f"the making of {what}", on_wait) as waited:
        note = folder / RUN_FILE
        with suppress(OSError):  # it is for those who wait to read
            note.write_text(context.run_id)
        try:
            yield began if waited else None
        finally:
            with suppress(OSError):
                note.unlink(missing_ok=True)


def unless_just_made(make: Callable[..., Any]) -> Callable[..., Made]:
    """Decorate the function of a table that one run at a time makes.

    A run that waited for another takes its table over, if it is of the same config and was made
    from the same; it makes its own where the other run failed.
    """

    @functools.wraps(make)
    def made(context: dg.AssetExecutionContext, **given: Any) -> Made:
        store: StoreResource = given["store"]
        with turn(context, store) as waiting_since:
            before = materialization(context) if waiting_since else None
            if (
                before
                and waiting_since
                and before.timestamp >= waiting_since
                and _is_of_config(context, before, given.get("config"))
                and _is_of_present_inputs(context, before)
            ):
                context.log.info(f"taken over from run {before.run_id[:8]}")
                table = stored_table(store.open(), context.asset_key.to_user_string())
                yield as_before(context, before)._replace(value=table)
            else:
                result = make(context, **given)
                yield from [result] if isinstance(result, dg.MaterializeResult) else result

    return made


def _is_of_config(
    context: dg.AssetExecutionContext, before: dg.EventLogRecord, config: dg.Config | None
) -> bool:
    run = context.instance.get_run_by_id(before.run_id)
    if run is None or config is None:
        return run is not None
    ops = run.run_config.get("ops", {})
    asked: Mapping[str, Any] = ops.get(context.op_execution_context.op.name, {}).get("config", {})
    return type(config)(**asked) == config


def _is_of_present_inputs(context: dg.AssetExecutionContext, before: dg.EventLogRecord) -> bool:
    """Return whether its inputs had the data versions that the assets upstream have now."""
    tags = (before.asset_materialization and before.asset_materialization.tags) or {}
    for dep in context.assets_def.asset_deps[context.asset_key]:
        event = context.instance.get_latest_materialization_event(dep)
        now = data_version_tag(event.asset_materialization if event else None)
        if tags.get(INPUT_VERSION_TAG + dep.to_user_string(), "") != now:
            return False
    return True


def _run_in(folder: "Path") -> str:
    """Return which run has the folder for itself, as it noted there."""
    try:
        return f"run {(folder / RUN_FILE).read_text()[:8]}"
    except OSError:
        return "another run"
