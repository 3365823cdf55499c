"""Features of many pictures, batch by batch."""

import keras
import numpy as np
import tensorflow as tf

from kpop_assets.pretrained.errors import PicturesShapeError


def pooled_features(
    network: keras.Model, pictures: np.ndarray, size: int = 160, batch: int = 40
) -> np.ndarray:
    """Return the features (N, 1280), float32, of `pictures` (N, S, S, 3), uint8 RGB.

    `network` is a pooled network built for pictures of `size` pixels, to which they are brought by
    cubic interpolation (low-pass filtered where that makes them smaller). `batch` pictures at a
    time are resized and looked at, which bounds the memory. N may be 0.

    Raises PicturesShapeError when `pictures` have another shape or dtype.
    """
    if pictures.dtype != np.uint8 or pictures.ndim != 4 or pictures.shape[-1] != 3:
        raise PicturesShapeError(
            f"Expected pictures (N, S, S, 3), uint8, got {pictures.shape}, {pictures.dtype}; "
            "bring samples in [-1, 1] to uint8 first."
        )
    features = np.empty((len(pictures), network.output_shape[-1]), np.float32)
    for start in range(0, len(pictures), batch):
        resized = _resize(pictures[start : start + batch], size)
        features[start : start + batch] = network.predict_on_batch(resized)
    return features


def _resize(pictures: np.ndarray, size: int) -> tf.Tensor:
    """Return pictures (N, size, size, 3), float32 in [-1, 1]."""
    resized = tf.cast(pictures, tf.float32)
    if pictures.shape[1:3] != (size, size):
        shrinks = pictures.shape[1] > size
        resized = tf.image.resize(resized, (size, size), "bicubic", antialias=shrinks)
    return tf.clip_by_value(resized, 0.0, 255.0) / 127.5 - 1.0
