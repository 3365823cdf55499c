"""What a cover looks like to a frozen EfficientNet-Lite0, as sets of features that can drift."""

import numpy as np
import tensorflow as tf

from kpop_assets.models.cover_source import CoverSource, as_range
from kpop_assets.models.drifting.picture_features import CELLS, picture_features, places, pooled
from kpop_assets.models.networks.augmentation import flipped
from kpop_assets.pretrained.efficientnet_lite0 import efficientnet_lite0
from kpop_assets.training.step import randomness as streams
from kpop_assets.training.step.randomness import StepRandomness
from kpop_assets.training.step.replicas import picked

LEAST_SIZE, MOST_SIZE = 96, 256
"""Sides in pixels at which the network looks; smaller and larger covers are resized."""
TAPS = (0, 2, 4, 10, 15)
CALIBRATION_COVERS = 64
BANK_MEGABYTES = 512
"""Covers are looked at once, before training, when the features of all and of their mirror images
are no more than this (1,500 covers of 64 pixels, 550 of 128); of more, those of each step are."""
_BATCH = 32


class CoverFeatures:
    """Turns covers into features.

    Of each of five maps of the network: means and deviations over the map, and the means of 8×8
    cells of it or a few more (all places of smaller maps). Each map is divided by its deviation on
    real covers. Of the picture itself: see picture_features.py.
    """

    def __init__(self, image_size: int, covers: CoverSource) -> None:
        """Load the network and measure its maps on 64 of the covers, or all if fewer.

        Raises WeightsMissingError and WeightsFileError.
        """
        self._image_size = image_size
        self._size = min(max(image_size, LEAST_SIZE), MOST_SIZE)
        self._network = efficientnet_lite0(self._size, TAPS)
        calibration = as_range(tf.constant(covers.sample(CALIBRATION_COVERS)))
        self._scales = [float(tf.math.reduce_std(one)) for one in self._maps(calibration)]
        pictures = tf.TensorSpec((None, image_size, image_size, 3))
        self.compiled = tf.function(self.__call__, input_signature=[pictures], autograph=False)
        """`__call__` as a graph of its own, for any number of covers: in a quarter of the time."""

    def __call__(self, covers: tf.Tensor) -> list[tf.Tensor]:
        """Return the features of covers, float32 (N, S, S, 3) in [-1, 1], each (N, K, C)."""
        features = []
        for one, scale in zip(self._maps(covers), self._scales, strict=True):
            scaled = one / scale
            mean, variance = tf.nn.moments(scaled, axes=[1, 2])
            features += [mean[:, tf.newaxis], tf.sqrt(variance + 1e-4)[:, tf.newaxis]]
            features.append(places(pooled(scaled, max(1, one.shape[1] // CELLS))))
        return [*features, *picture_features(covers)]

    def _maps(self, covers: tf.Tensor) -> list[tf.Tensor]:
        if self._size != self._image_size:
            covers = tf.image.resize(covers, (self._size, self._size), "bilinear")
        maps: list[tf.Tensor] = self._network(covers, training=False)
        return maps


class FeatureBank:
    """The features of the real covers and their mirror images."""

    def __init__(self, features: CoverFeatures, covers: CoverSource) -> None:
        """Look at all covers now when their features are few enough to keep."""
        self._features = features
        self._covers = covers
        self._bank: list[tf.Tensor] | None = None
        of_one = sum(one.numpy().nbytes for one in self._seen(np.arange(1), mirrored=False))
        if 2 * covers.count * of_one <= BANK_MEGABYTES * 1e6:
            batches = _row_batches(covers.count)
            seen = [self._seen(rows, way) for rows in batches for way in (False, True)]
            self._bank = [tf.concat(parts, axis=0) for parts in zip(*seen, strict=True)]
            order = np.concatenate([one for rows in batches for one in (rows, rows + covers.count)])
            self._places = tf.constant(np.argsort(order), tf.int32)

    def draw(self, count: int, randomness: StepRandomness) -> list[tf.Tensor]:
        """Return the features of real covers for a step: all, or `count` drawn if more.

        Of covers that are looked at in each step, which takes time, a third of `count` is drawn.
        """
        if self._bank is None:
            return self.of(randomness.rows(count // 3, self._covers.count), randomness)
        there = self._bank[0].shape[0]
        if there <= count:
            return self._bank
        rows = randomness.rows(count, there)
        return [picked(one, rows) for one in self._bank]

    def of(self, rows: tf.Tensor, randomness: StepRandomness) -> list[tf.Tensor]:
        """Return the features of the covers of `rows`, int32 (n,), some of them mirrored."""
        if self._bank is None:
            covers = as_range(self._covers.gather(rows))
            return self._features(flipped(covers, randomness.stream(streams.FLIP)))
        ways = randomness.rows(rows.shape[0], 2, streams.FLIP)
        places = tf.gather(self._places, rows + ways * self._covers.count)
        return [picked(one, places) for one in self._bank]

    def _seen(self, rows: np.ndarray, mirrored: bool) -> list[tf.Tensor]:
        covers = as_range(tf.constant(self._covers.pictures(rows)))
        return self._features.compiled(covers[:, :, ::-1] if mirrored else covers)


def _row_batches(count: int) -> list[np.ndarray]:
    return np.split(np.arange(count), range(_BATCH, count, _BATCH))
