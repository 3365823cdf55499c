"""Reports of a training while it runs: log lines, observations and progress frames."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import dagster as dg
import numpy as np
from numpy.typing import NDArray

from kpop_assets.covers.showing.grid import png_bytes
from kpop_assets.covers.showing.markdown import inline_preview
from kpop_assets.store.errors import StoreWriteError
from kpop_assets.store.files import atomic_file
from kpop_assets.store.folders import remove_folder
from kpop_assets.training.host import StepReport, TrainingHost


class TrainingProgress:
    """Writes frames to a folder, losses to the run's log, and now and then an observation."""

    def __init__(
        self,
        context: dg.AssetExecutionContext,
        frames: Path,
        observe_every: int,
        partition: str | None,
    ) -> None:
        self._context = context
        self._frames = frames
        self._observe_every = observe_every
        self._partition = partition
        self._latest_frame: NDArray[np.uint8] | None = None
        self._observed_step = 0

    def host(self, should_stop: Callable[[], bool]) -> TrainingHost:
        """Return the callbacks for the training loop, which ends when `should_stop` says so."""
        return TrainingHost(
            on_step=self._on_step,
            on_frame=self._on_frame,
            on_checkpoint=lambda step: self._context.log.info(f"checkpoint at step {step:,}"),
            on_resume=self._on_resume,
            on_evaluation=self._on_evaluation,
            should_stop=should_stop,
            on_warning=self._context.log.warning,
        )

    def _on_step(self, report: StepReport) -> None:
        losses = ", ".join(
            f"{name.replace('_', ' ')} {value:.3f}" for name, value in report.losses.items()
        )
        self._context.log.info(
            f"step {report.step:,} of {report.steps:,}: losses {losses}; "
            f"{report.steps_per_second:.2f} steps/s; {_duration(report.seconds_left)} left"
        )
        if report.step - self._observed_step >= self._observe_every:
            self._observe(report)
            self._observed_step = report.step

    def _observe(self, report: StepReport) -> None:
        metadata: dict[str, dg.MetadataValue | float | int] = {}
        if self._latest_frame is not None:
            metadata["preview"] = dg.MetadataValue.md(
                inline_preview(self._latest_frame, f"step {report.step}")
            )
        metadata |= {
            "step": report.step,
            **{f"loss_{name}": round(value, 3) for name, value in report.losses.items()},
            "steps_per_second": round(report.steps_per_second, 2),
            "seconds_left": round(report.seconds_left),
        }
        self._context.log_event(
            dg.AssetObservation(
                self._context.asset_key, partition=self._partition, metadata=metadata
            )
        )

    def _on_evaluation(self, step: int, numbers: Mapping[str, float]) -> None:
        line = ", ".join(f"{name.replace('_', ' ')} {value:.3g}" for name, value in numbers.items())
        self._context.log.info(f"evaluation at step {step:,}: {line}")

    def _on_resume(self, step: int) -> None:
        self._context.log.info(f"going on from step {step:,}")
        self._observed_step = step
        for frame in self._frames.glob("*.png"):
            if int(frame.stem) > step:
                frame.unlink()

    def _on_frame(self, step: int, grid: NDArray[np.uint8]) -> None:
        if step == 0:
            with suppress(StoreWriteError):  # there are none
                remove_folder(self._frames)
        with atomic_file(self._frames / f"{step:06d}.png") as file:
            file.write(png_bytes(grid))
        self._latest_frame = grid


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"
