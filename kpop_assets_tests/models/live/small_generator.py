"""A small generator that draws something, untrained, and what one may choose of it."""

from collections.abc import Sequence

import keras
import numpy as np

from kpop_assets.models.drifting.light_generator import build_light_generator
from kpop_assets.models.live.content import Condition, Field, Range

NOISE_SIZE = 16
CONTRAST = 10
FIELDS: Sequence[Field] = (
    Condition("set", [("boy", (2.0, 0.0, 0.0)), ("girl", (0.0, 2.0, -1.0))]),
    Range("year", 2010, 2020, 1, [(-2.0, 0.0), (0.0, 3.0), (2.0, 0.0)]),
)


def small_generator(channels: int = NOISE_SIZE + 5, width: int = 8) -> keras.Model:
    """A light generator for 64 pixels, of much contrast, whose normalisation has seen noise."""
    generator = build_light_generator(64, channels, width, seed=0)
    picture = generator.get_layer("picture")
    picture.set_weights([CONTRAST * weights for weights in picture.get_weights()])
    chance = np.random.default_rng(0)
    for _ in range(20):
        noise = chance.standard_normal((16, 1, 1, channels)).astype(np.float32)
        generator(noise, training=True)
    return generator
