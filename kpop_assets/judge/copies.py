"""Which generated covers show a training cover again.

A picture is described by two vectors of length 1: the features of MobileNetV2 and the layout, a
16×16 thumbnail without its mean colour. The distance of two pictures is that of both vectors
together, from 0 to √8, and a sample is a copy when it is nearer than COPY_DISTANCE to a real cover
or to its mirror image, since generators that learn from mirrored covers can copy these.

The layout is what makes noisy and blurred copies known, those that an overtrained generator makes:
features alone take them for pictures of another kind. Features alone tell flat covers of one
composition apart, which have nearly the same layout.

COPY_DISTANCE was chosen on 394 real covers (94 popular, 300 general) with
benchmarks/quality/copy_distance.py. At 64 px:

* Altered covers are known: mirrored, recoloured, tinted, halved in size, JPEG at quality 50, 75 and
  90, blurred by 0.5 or 1 px: 100 %; cropped by 5 % around or at a corner, blurred by 1.5 px, under
  noise of 8 levels: 99.5 %; shifted by 2 px: 99 %; cropped, recoloured, blurred and re-encoded:
  99.7 %; cropped by 10 %: 96 %; under noise of 20 levels: 96 %; shifted by 3 px: 77 %.
* Others are not: of 300 general covers one counts as a copy of a popular one, and is one. Of all
  pairs four do, each one artwork printed twice; the next pair lies at 1.09. At 32 px six do, the
  two more of them nearly flat ones, at 128 px the same four.
* The original project's own samples: 28 % of those for girl groups are copies to the eye as well
  (a cover under noise), 5.6 % of popular at batch 64, 0.6 % at batch 16, none of general.
"""

import numpy as np
from numpy.typing import NDArray

from kpop_assets.judge.quality import Features, Floats, distances

COPY_DISTANCE = 1.05
LAYOUT_SIDE = 16
FLAT_LEVELS = 4.0
"""Deviation of a thumbnail, in levels of 255, up to which its layout is not stretched to length 1:
nearly nothing is on it."""


class CopyDetector:
    """Knows the real covers, and says which samples are copies of one."""

    def __init__(self, straight: Floats, mirrored: Floats) -> None:
        """Take the appearances of the covers and of mirrored ones, each (N, D + 768)."""
        self._covers = np.concatenate([straight, mirrored])

    def nearest(self, samples: NDArray[np.uint8], features: Features) -> Floats:
        """Return the distance of each sample to the nearest cover, float64 (M,), from 0 to √8.

        `samples` is uint8 (M, S, S, 3) with features (M, D); S need not be that of the covers.
        """
        return distances(appearances(samples, features), self._covers).min(axis=1)

    def copied(self, samples: NDArray[np.uint8], features: Features) -> NDArray[np.bool_]:
        """Return whether each sample is a copy, bool (M,); takes what `nearest` does.

        One whose distance is no number is not known to be none.
        """
        return ~(self.nearest(samples, features) >= COPY_DISTANCE)


def appearances(pictures: NDArray[np.uint8], features: Features) -> Floats:
    """Return features and layout side by side, each of length 1, float64 (N, D + 768)."""
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    return np.hstack([features / np.maximum(lengths, 1e-9), layouts(pictures)])


def layouts(pictures: NDArray[np.uint8]) -> Floats:
    """Return the layout of pictures (N, S, S, 3), float64 (N, 768), S a multiple of 16.

    It has length 1, and less when nearly nothing is on the picture.
    """
    count, side = len(pictures), pictures.shape[1] // LAYOUT_SIDE
    blocks = pictures.reshape(count, LAYOUT_SIDE, side, LAYOUT_SIDE, side, 3)
    thumbnails = blocks.mean(axis=(2, 4), dtype=np.float64)
    deviations = (thumbnails - thumbnails.mean(axis=(1, 2), keepdims=True)).reshape(count, -1)
    lengths = np.linalg.norm(deviations, axis=1, keepdims=True)
    return deviations / np.maximum(lengths, FLAT_LEVELS * np.sqrt(deviations.shape[1]))
