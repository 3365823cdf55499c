"""Inverted residual blocks as frozen Keras layers, BatchNorm folded into the convolutions.

A block widens the channels (1×1), filters each by itself (depthwise) and narrows them again (1×1,
no activation); where shapes allow, its input is added. From Sandler et al., "MobileNetV2: Inverted
Residuals and Linear Bottlenecks" (2018); EfficientNet-Lite is made of the same.
"""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import keras
import numpy as np


@dataclasses.dataclass(frozen=True)
class Stage:
    """Blocks in a row: the first has the stride, all others stride 1 and a residual connection.

    Sizes of kernels and numbers of channels are those of the weights.
    """

    blocks: int
    stride: int
    widens: bool


class Source(NamedTuple):
    """The names under which a convolution and the BatchNorm behind it are stored."""

    convolution: str
    norm: str


BlockSources = Callable[[int, bool], Sequence[Source]]


@dataclasses.dataclass(frozen=True)
class FrozenLayers:
    """Makes layers that compute in float32 whatever the dtype policy, and are never trained.

    `tensors` are torch's, by name; `epsilon` is that of BatchNorm; `symmetric_padding` is torch's
    (the same on all sides) instead of TensorFlow's (at odd kernels and stride 2, more at the end).
    """

    tensors: Mapping[str, np.ndarray]
    epsilon: float
    symmetric_padding: bool

    def convolve(
        self,
        x: keras.KerasTensor,
        source: Source,
        stride: int = 1,
        depthwise: bool = False,
        activation: str | None = "relu6",
    ) -> keras.KerasTensor:
        """Convolve maps (batch, height, width, channels) and apply BatchNorm and activation."""
        kernel, bias = self._folded(source)
        channels, _, size, _ = kernel.shape
        padding = "same"
        if self.symmetric_padding and stride > 1:
            x = keras.layers.ZeroPadding2D(size // 2, dtype="float32", trainable=False)(x)
            padding = "valid"
        options = {
            "kernel_size": size,
            "strides": stride,
            "padding": padding,
            "activation": activation,
            "dtype": "float32",
            "trainable": False,
            "name": source.convolution.replace(".", "_").strip("_"),
        }
        if depthwise:
            layer = keras.layers.DepthwiseConv2D(depthwise_initializer="zeros", **options)
            kernel = kernel.transpose(2, 3, 0, 1)
        else:
            layer = keras.layers.Conv2D(channels, kernel_initializer="zeros", **options)
            kernel = kernel.transpose(2, 3, 1, 0)
        convolved = layer(x)
        layer.set_weights([kernel, bias])
        return convolved

    def _folded(self, source: Source) -> tuple[np.ndarray, np.ndarray]:
        gain, shift, mean, variance = (
            self.tensors[f"{source.norm}.{part}"].astype(np.float64)
            for part in ("weight", "bias", "running_mean", "running_var")
        )
        gain = gain / np.sqrt(variance + self.epsilon)
        kernel = self.tensors[f"{source.convolution}.weight"] * gain[:, None, None, None]
        return kernel.astype(np.float32), (shift - mean * gain).astype(np.float32)


def inverted_residuals(
    x: keras.KerasTensor, layers: FrozenLayers, stages: Sequence[Stage], sources: BlockSources
) -> Iterator[keras.KerasTensor]:
    """Yield the maps behind each block of the stages.

    `sources(number, widens)` names the three layers of a block, two where it does not widen.
    """
    number = 0
    for stage in stages:
        for repetition in range(stage.blocks):
            *widen, filter_each, narrow = sources(number, stage.widens)
            y = x
            for source in widen:
                y = layers.convolve(y, source)
            stride = 1 if repetition else stage.stride
            y = layers.convolve(y, filter_each, stride, depthwise=True)
            y = layers.convolve(y, narrow, activation=None)
            x = keras.layers.Add(dtype="float32")([x, y]) if repetition else y
            yield x
            number += 1
