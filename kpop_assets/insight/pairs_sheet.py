"""Samples beside the training covers nearest to them, as one picture."""

import numpy as np
from numpy.typing import NDArray

from kpop_assets.covers.showing.grid import cover_grid

Pictures = NDArray[np.uint8]


def pairs_sheet(samples: Pictures, covers: Pictures) -> Pictures:
    """Return pairs in rows of five, uint8 (H, W, 3): left the sample, right its cover.

    `samples` and `covers` are uint8 (N, S, S, 3), N of 1 or more.
    """
    pairs = np.stack(
        [cover_grid(np.stack(pair), 2, 2) for pair in zip(samples, covers, strict=True)]
    )
    return cover_grid(pairs, 5, gap=12)
