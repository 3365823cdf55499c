"""A finished training: its folder and record in the store, what the UI shows of it."""

import hashlib
import io
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
from PIL import Image

from kpop_assets.defs.measured_numbers import number_or_null, shown_number
from kpop_assets.defs.reuse.materializations import SINCE, as_before, materialization
from kpop_assets.models.training_record import FRAMES_FOLDER, weights_hash
from kpop_assets.store.files import read_file
from kpop_assets.store.folders import atomic_folder, folders_in, remove_folder
from kpop_assets.store.records import file_digests, record_bytes

if TYPE_CHECKING:
    import pandas as pd

    from kpop_assets.training.run import RunResult


def require_finished(
    context: dg.AssetExecutionContext, trained: "RunResult", cancelled: Callable[[], bool]
) -> None:
    """Raise DagsterExecutionInterruptedError when a training was stopped, with where it goes on."""
    if not (trained.stopped or cancelled()):
        return
    reached = len(trained.losses)
    context.log.info(
        f"stopped at step {reached:,}; checkpoint at step {reached:,}; run the same again to resume"
    )
    raise dg.DagsterExecutionInterruptedError


def training_record(
    context: dg.AssetExecutionContext,
    trained: "RunResult",
    config: Mapping[str, Any],
    code_version: str,
    made_from: Mapping[str, Any],
    **about: object,
) -> dict[str, Any]:
    """Return the record of a training; `made_from` goes into its provenance."""
    return {
        **about,
        "config": dict(config),
        "provenance": {
            **made_from,
            "weights_hash": weights_hash(trained.sampler),
            "code_version": code_version,
            "kpop_assets": version("kpop_assets"),
            "tensorflow": version("tensorflow"),
            "run_id": context.run_id,
            "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "resumed_from_step": trained.first_step,
            "attempts": trained.attempts,
            "best_step": trained.best_step,
            "seconds_of_last_run": round(trained.seconds, 1),
        },
        "losses": _curves(trained.losses),
        "evaluations": _curves(trained.evaluations),
    }


def publish(
    folder: Path,
    write: Callable[[Path], None],
    frames: Path,
    record: Mapping[str, Any],
    record_file: str,
    asset: str,
    warn: Callable[[str], object],
) -> None:
    """Put a training into a folder, whole: what `write` writes, the frames and the record.

    Frames come first, for `write` to make a film of. Damaged ones are left out.
    """
    with atomic_folder(folder) as temporary:
        (temporary / FRAMES_FOLDER).mkdir()
        for path in sorted(frames.glob("*.png")):
            try:
                content = read_file(path, asset)
                Image.open(io.BytesIO(content), formats=("PNG",)).verify()
            except Exception as error:  # Pillow's readers raise many kinds on damaged data
                warn(f"the frame {path.name} is left out of the film: {error}")
            else:
                (temporary / FRAMES_FOLDER / path.name).write_bytes(content)
        write(temporary)
        record = {**record, "files": file_digests(temporary)}
        (temporary / record_file).write_bytes(record_bytes(record, asset))


def leave_others(mine: Path, most: int, what: str, log: Callable[[str], object]) -> None:
    """Remove all but `most` trainings beside `mine`, the latest."""
    beside = [path for path in folders_in(mine.parent) if path != mine]
    for path in beside[most:]:
        log(f"the {what} {path} is removed: {most} others are kept")
        remove_folder(path)


def trained_before(
    context: dg.AssetExecutionContext, record: Mapping[str, Any]
) -> dg.MaterializeResult:
    """Return the training of a record as the run reported it that trained it."""
    of_record, finished = data_version(record), record["provenance"]["finished_at"]
    before = materialization(context, of_record)
    if before is None:
        context.log.info(f"unchanged since {finished}")
        return dg.MaterializeResult(data_version=of_record, metadata={SINCE: finished})
    return as_before(context, before)


def data_version(record: Mapping[str, Any]) -> dg.DataVersion:
    """Return what the training of a record counts as."""
    content = [record["provenance"]["weights_hash"], record["config"]]
    return dg.DataVersion(hashlib.sha256(json.dumps(content).encode()).hexdigest())


def training_metadata(trained: "RunResult", config: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the UI shows of a training: its length and pace, and its evaluations."""
    steps, last = config["steps"], trained.losses.iloc[-1]
    return {
        "recipe": config["recipe"],
        "steps": steps,
        "best_step": trained.best_step,
        "attempts": trained.attempts,
        "resumed_from_step": trained.first_step,
        "seconds": round(trained.seconds, 1),
        "steps_per_second": round((steps - trained.first_step) / max(trained.seconds, 1e-9), 2),
        **{f"loss_{name}": round(float(last[name]), 3) for name in trained.losses.columns[1:]},
        **_evaluation_metadata(trained),
        "config": dg.MetadataValue.json(dict(config)),
    }


def _evaluation_metadata(trained: "RunResult") -> dict[str, Any]:
    """Return the best evaluation's numbers and the curve of all as a table."""
    if trained.evaluations.empty:
        return {}
    rows = trained.evaluations.set_index("step", drop=False)
    best = rows.loc[trained.best_step].to_dict()
    measures = [name for name in rows.columns if name != "step"]
    return {
        **{f"best_{name}": shown_number(best[name]) for name in measures},
        "evaluations": dg.MetadataValue.md(_markdown_table(rows.round(3))),
    }


def _markdown_table(rows: "pd.DataFrame") -> str:
    lines = [list(rows.columns), ["---"] * len(rows.columns)]
    lines += [[f"{value:g}" for value in row] for row in rows.itertuples(index=False)]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def _curves(table: "pd.DataFrame") -> dict[str, list[float | None]]:
    """Return a table of losses or evaluations for a record: its columns by name."""
    return {
        str(name): [number_or_null(round(value, 5)) for value in values.tolist()]
        for name, values in table.items()
    }
