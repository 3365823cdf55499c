"""What the page's script is told of a generator that draws in the page."""

import base64
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpop_assets.models.live.content import Condition, Field, LiveGenerator, Vector

LIBRARIES = (
    "tf-core.es2017.min.js",
    "tf-backend-cpu.es2017.min.js",
    "tf-backend-webgl.es2017.min.js",
)
SHOWN_PIXELS = 512


def live_values(live: LiveGenerator) -> dict[str, Any]:
    """Return the values of the template gallery/live.html."""
    return {
        "libraries": LIBRARIES,
        "fields": live.fields,
        "drawn_before": live.drawn_before,
        "steps": live.steps,
        "full_steps": live.full_steps,
        "size": live.image_size,
        "shown_size": max(SHOWN_PIXELS, live.image_size),
        "weights": packed(live.network.weights),
        "told": {
            "identity": live.identity,
            "size": live.image_size,
            "noiseSize": live.noise_size,
            "fields": [_field(field) for field in live.fields],
            "layers": live.network.layers,
            "output": live.network.output,
            "starts": [(one.seed, one.values) for one in live.drawn_before],
        },
    }


def packed(weights: NDArray[np.float16]) -> str:
    """Return weights as text: the low bytes of all, then the high ones, deflated, in base64.

    High bytes have sign and exponent, which are much alike: by themselves they get smaller.
    """
    planes = weights.astype("<f2").view(np.uint8).reshape(-1, 2).T
    return base64.b64encode(zlib.compress(planes.tobytes(), 9)).decode()


def _field(field: Field) -> dict[str, Any]:
    if isinstance(field, Condition):
        return {"choices": [(name, _numbers(vector)) for name, vector in field.choices]}
    vectors = [_numbers(vector) for vector in field.vectors]
    return {"low": float(field.low), "high": float(field.high), "vectors": vectors}


def _numbers(vector: Vector) -> list[float]:
    return [float(value) for value in vector]
