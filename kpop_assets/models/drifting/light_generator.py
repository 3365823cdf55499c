"""A light generator with skip-layer excitation.

Liu et al., "Towards Faster and Stabilized GAN Training for High-fidelity Few-shot Image Synthesis"
(2021, FastGAN): small maps scale the channels of maps eight times their side. Unlike there, maps
grow by bilinear interpolation, which leaves neither a chequerboard nor a relief, and 3×3
convolutions have gated linear units (Dauphin et al., 2017). Small maps, where it costs little,
have a second one that adds to the first.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import keras

from kpop_assets.models.networks.initializers import seeded_initializers
from kpop_assets.training.step.replicas import several_replicas

CHANNELS = {4: 128, 8: 80, 16: 48, 32: 24, 64: 12, 128: 8, 256: 4}
"""Channels by the side of a map, at width 32."""
REFINED = 16
"""Largest side of a map with a second convolution."""
_LEAK = 0.1
_SKIP = 8


@dataclass(frozen=True)
class Layers:
    """What the generator is built of: Keras's own layers in float32, or faster ones to train.

    `norm` is the kind of its normalisations, `convolutions` the dtype policy of the 3×3
    convolutions of maps, None for that of all layers.
    """

    norm: type[keras.layers.BatchNormalization] = keras.layers.BatchNormalization
    convolutions: str | None = None


def build_light_generator(
    image_size: int,
    noise_size: int,
    width: int,
    seed: int | None = None,
    layers: Layers | None = None,
) -> keras.Model:
    """Build the generator: noise (batch, 1, 1, noise_size) to pictures (batch, S, S, 3) in [-1, 1].

    `width` 64 gives 3.1 million weights at 64 px; channels are in proportion to it. `seed` fixes
    the first weights; without it they differ from call to call. Its weights have the same
    names and shapes with any `layers`.
    """
    layers = layers or Layers()
    channels = {size: max(4, round(count * width / 32)) for size, count in CHANNELS.items()}
    initializers = seeded_initializers(keras.initializers.GlorotUniform, seed, stream=3)
    noise = keras.Input((1, 1, noise_size), name="noise")
    x = keras.layers.Flatten(name="flatten")(noise)
    x = keras.layers.Dense(
        2 * 16 * channels[4], use_bias=False, kernel_initializer=next(initializers), name="grow_4px"
    )(x)
    x = _gated(keras.layers.Reshape((4, 4, 2 * channels[4]), name="map_4px")(x), layers, "grow_4px")
    maps = {4: x}
    size = 4
    while size < image_size:
        size *= 2
        x = keras.layers.UpSampling2D(2, interpolation="bilinear", name=f"double_{size}px")(x)
        x = _convolved(x, channels[size], initializers, layers, f"grow_{size}px")
        if size <= REFINED:
            more = _convolved(x, channels[size], initializers, layers, f"refine_{size}px")
            x = keras.layers.Add(name=f"refined_{size}px")([x, more])
        if size // _SKIP in maps:
            gate = _gate(maps[size // _SKIP], channels[size], initializers, f"{size}px")
            x = keras.layers.Multiply(name=f"excited_{size}px")([x, gate])
        maps[size] = x
    picture = keras.layers.Conv2D(
        3,
        3,
        padding="same",
        activation="tanh",
        kernel_initializer=next(initializers),
        dtype="float32",
        name="picture",
    )(x)
    return keras.Model(noise, picture, name="generator")


def _convolved(
    x: keras.KerasTensor,
    channels: int,
    initializers: Iterator[keras.Initializer],
    layers: Layers,
    place: str,
) -> keras.KerasTensor:
    wide = keras.layers.Conv2D(
        2 * channels,
        3,
        padding="same",
        use_bias=False,
        kernel_initializer=next(initializers),
        dtype=layers.convolutions,
        name=place,
    )(x)
    return _gated(wide, layers, place)


def _gated(x: keras.KerasTensor, layers: Layers, place: str) -> keras.KerasTensor:
    """Normalise, and scale half of the channels by the sigmoid of the other half."""
    x = layers.norm(
        momentum=0.9, epsilon=1e-5, synchronized=several_replicas(), name=f"norm_{place}"
    )(x)
    values, gates = keras.ops.split(x, 2, axis=-1)
    return keras.layers.Multiply(name=f"gated_{place}")([values, keras.ops.sigmoid(gates)])


def _gate(
    small: keras.KerasTensor,
    channels: int,
    initializers: Iterator[keras.Initializer],
    place: str,
) -> keras.KerasTensor:
    if small.shape[1] > 4:
        small = keras.layers.AveragePooling2D(small.shape[1] // 4, name=f"pool_{place}")(small)
    gate = keras.layers.Conv2D(
        channels, 4, kernel_initializer=next(initializers), name=f"squeeze_{place}"
    )(small)
    gate = keras.layers.LeakyReLU(negative_slope=_LEAK, name=f"gate_leak_{place}")(gate)
    return keras.layers.Conv2D(
        channels,
        1,
        activation="sigmoid",
        kernel_initializer=next(initializers),
        name=f"gate_{place}",
    )(gate)
