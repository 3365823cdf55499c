"""A training in TensorBoard: losses, speed, evaluations and progress frames."""

import dataclasses
import pathlib
from collections.abc import Callable, Mapping

import numpy as np
import tensorflow as tf

from kpop_assets.training.host import StepReport, TrainingHost


class TensorBoardLog:
    """Writes what a host gets as event files into a folder, one file a call of train.

    A training from the start removes the events of the one before; one that goes on from a
    checkpoint adds to them, and steps that are trained again are there twice.
    """

    def __init__(self, folder: pathlib.Path) -> None:
        self._folder = folder
        self._open_writer: tf.summary.SummaryWriter | None = None

    def beside(self, host: TrainingHost) -> TrainingHost:
        """Return a host that calls `host` and then writes events."""
        return dataclasses.replace(
            host,
            on_step=_both(host.on_step, self._on_step),
            on_frame=_both(host.on_frame, self._on_frame),
            on_evaluation=_both(host.on_evaluation, self._on_evaluation),
            on_checkpoint=_both(host.on_checkpoint, self._on_checkpoint),
        )

    def close(self) -> None:
        """Write what is left."""
        if self._open_writer is not None:
            self._open_writer.close()
            self._open_writer = None

    def _writer(self) -> tf.summary.SummaryWriter:
        if self._open_writer is None:
            self._open_writer = tf.summary.create_file_writer(str(self._folder))
        return self._open_writer

    def _on_step(self, report: StepReport) -> None:
        self._scalars(report.step, "loss", report.losses)
        self._scalars(report.step, "speed", {"steps_per_second": report.steps_per_second})

    def _on_evaluation(self, step: int, numbers: Mapping[str, float]) -> None:
        self._scalars(step, "evaluation", numbers)

    def _on_frame(self, step: int, frame: np.ndarray) -> None:
        if step == 0:
            self.close()
            for events in self._folder.glob("events.out.tfevents.*"):
                events.unlink()
        with self._writer().as_default():
            tf.summary.image("samples", frame[np.newaxis], step)

    def _on_checkpoint(self, _step: int) -> None:
        self._writer().flush()

    def _scalars(self, step: int, group: str, values: Mapping[str, float]) -> None:
        with self._writer().as_default():
            for name, value in values.items():
                tf.summary.scalar(f"{group}/{name}", value, step)


def _both(one: Callable[..., None], other: Callable[..., None]) -> Callable[..., None]:
    def both(*values: object) -> None:
        one(*values)
        other(*values)

    return both
