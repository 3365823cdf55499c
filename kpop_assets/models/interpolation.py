"""Ways through the space of noise vectors, along which covers turn into one another."""

import numpy as np
from numpy.typing import NDArray

from kpop_assets.models.errors import SamplingError


def closed_walk(stops: NDArray[np.float32], frames: int) -> NDArray[np.float32]:
    """Return `frames` noise vectors on the way past all stops and back to the first.

    `stops` is float32 (K, *shape), K >= 1; the result is float32 (frames, *shape). It begins at the
    first stop; the step after the last vector would lead back there, so that a film of it runs on
    without a jump. From stop to stop the way is spherical (Shoemake 1985; White 2016, "Sampling
    Generative Networks"): its vectors are as long as noise is, where a straight way would lead
    through short ones that the generator never saw. Raises SamplingError without stops or frames.
    """
    if len(stops) < 1 or frames < 1:
        raise SamplingError(
            f"Expected at least one stop and one frame, got {len(stops)} and {frames}; "
            "ask for more."
        )
    places = np.arange(frames) * len(stops) / frames
    before = places.astype(int)
    after = (before + 1) % len(stops)
    return np.stack(
        [
            between(stops[start], stops[end], place - start)
            for start, end, place in zip(before, after, places, strict=True)
        ]
    )


def between(
    first: NDArray[np.float32], last: NDArray[np.float32], share: float
) -> NDArray[np.float32]:
    """Return the noise `share` of the way (0 to 1) from `first` to `last`, float32 of their shape.

    Direction and length change evenly; opposite directions and zero vectors are joined straight.
    """
    lengths = float(np.linalg.norm(first)), float(np.linalg.norm(last))
    if min(lengths) == 0:
        return _straight(first, last, share)
    directions = first / lengths[0], last / lengths[1]
    angle = float(np.arccos(np.clip(np.vdot(*directions), -1, 1)))
    if np.sin(angle) < 1e-4:
        return _straight(first, last, share)
    length = (1 - share) * lengths[0] + share * lengths[1]
    weights = np.sin((1 - share) * angle), np.sin(share * angle)
    way = (weights[0] * directions[0] + weights[1] * directions[1]) / np.sin(angle)
    return (length * way).astype(np.float32)


def _straight(
    first: NDArray[np.float32], last: NDArray[np.float32], share: float
) -> NDArray[np.float32]:
    return ((1 - share) * first + share * last).astype(np.float32)
