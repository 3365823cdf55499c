"""Real covers as the network that judges samples sees them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray

from kpop_assets.judge.copies import appearances
from kpop_assets.judge.quality import Features, Floats
from kpop_assets.pretrained.pooled_features import pooled_features

BATCH = 128
"""Covers that are best given at a time: at 256 pixels they take 25 MB."""


@dataclass(frozen=True)
class SeenCovers:
    """N covers: their features (N, D), and the appearances (copies.py) of them and mirrored ones.

    Appearances are (N, D + 768).
    """

    features: Features
    straight: Floats
    mirrored: Floats


def seen_covers(
    network: keras.Model, batches: Iterable[NDArray[np.uint8]], size: int
) -> Iterator[SeenCovers]:
    """Yield how the network, built for `size` pixels, sees each batch, uint8 (N, S, S, 3)."""
    for pictures in batches:
        mirrored: NDArray[np.uint8] = pictures[:, :, ::-1]
        features = pooled_features(network, pictures, size)
        yield SeenCovers(
            features,
            appearances(pictures, features),
            appearances(mirrored, pooled_features(network, mirrored, size)),
        )


def all_seen(parts: Iterable[SeenCovers]) -> SeenCovers:
    """Return the covers of all parts, one or more, together."""
    columns = zip(*((one.features, one.straight, one.mirrored) for one in parts), strict=True)
    return SeenCovers(*map(np.concatenate, columns))
