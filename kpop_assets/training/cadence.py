"""How often a training does what it does between its steps."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Cadence:
    """Steps, and seconds where steps may be long, between two of each; evaluate_every 0: never."""

    steps: int
    log_every: int
    log_seconds: float
    frame_every: int
    evaluate_every: int
    checkpoint_every: int
    checkpoint_seconds: float


class PeriodicAction:
    """Says when something is due again: after so many steps, or so many seconds since the last."""

    def __init__(self, every_steps: int, every_seconds: float | None = None) -> None:
        """Count steps, unless `every_steps` is 0, and seconds if they are given."""
        self._steps, self._seconds = every_steps, every_seconds
        self._last = -math.inf

    def is_due(self, step: int, now: float) -> bool:
        """Return whether it is due at a step and a time in seconds."""
        if self._steps > 0 and step % self._steps == 0:
            return True
        return self._seconds is not None and now - self._last >= self._seconds

    def done(self, now: float) -> None:
        """Count the seconds from now on."""
        self._last = now
