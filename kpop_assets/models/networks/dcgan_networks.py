"""The two networks of the DCGAN that the original project trained, for any picture size.

Layers, initialisers and BatchNorm momentum are those of Rahul Agarwal, "An End to End Introduction
to GANs" (MLWhiz, 2019), after Radford et al., "Unsupervised Representation Learning with Deep
Convolutional Generative Adversarial Networks" (2016). At 64 px and width 64 the parameter counts
are equal; larger and smaller pictures get more or fewer of the same stride-2 layers.
"""

import keras

from kpop_assets.models.networks.initializers import seeded_initializers
from kpop_assets.training.step.replicas import several_replicas

SMALLEST_MAP = 4
BATCH_NORM_MOMENTUM = 0.5
LEAK = 0.2


def layer_channels(image_size: int, width: int) -> list[int]:
    """Return the channels of the hidden maps from the largest (image_size / 2) down to 4×4."""
    halvings = (image_size // SMALLEST_MAP).bit_length() - 1
    return [width * min(2**depth, 8) for depth in range(halvings)]


def build_generator(
    image_size: int, noise_size: int, width: int, seed: int | None = None
) -> keras.Model:
    """Build the generator: noise (batch, 1, 1, noise_size) to pictures (batch, S, S, 3) in [-1, 1].

    `seed` fixes the first weights; without it they differ from call to call.
    """
    initializers = seeded_initializers(keras.initializers.GlorotUniform, seed, stream=0)
    deepest, *shallower = reversed(layer_channels(image_size, width))
    noise = keras.Input((1, 1, noise_size), name="noise")
    size = SMALLEST_MAP
    x = keras.layers.Conv2DTranspose(
        deepest, 4, padding="valid", kernel_initializer=next(initializers), name=f"grow_{size}px"
    )(noise)
    x = _normalised_leak(x, f"{size}px")
    for channels in shallower:
        size *= 2
        x = keras.layers.Conv2DTranspose(
            channels,
            4,
            strides=2,
            padding="same",
            kernel_initializer=next(initializers),
            name=f"grow_{size}px",
        )(x)
        x = _normalised_leak(x, f"{size}px")
    x = keras.layers.Conv2D(
        width, 3, padding="same", kernel_initializer=next(initializers), name=f"refine_{size}px"
    )(x)
    x = _normalised_leak(x, f"refine_{size}px")
    picture = keras.layers.Conv2DTranspose(
        3,
        4,
        strides=2,
        padding="same",
        activation="tanh",
        kernel_initializer=next(initializers),
        dtype="float32",
        name="picture",
    )(x)
    return keras.Model(noise, picture, name="generator")


def build_discriminator(image_size: int, width: int, seed: int | None = None) -> keras.Model:
    """Build the discriminator: pictures (batch, S, S, 3) in [-1, 1] to logits (batch, 1).

    The original ends in a sigmoid; here the loss takes the logit (from_logits=True), which is the
    same function and stays finite where a float32 sigmoid reaches 0 or 1.
    `seed` fixes the first weights; without it they differ from call to call.
    """
    initializers = seeded_initializers(keras.initializers.GlorotUniform, seed, stream=1)
    picture = x = keras.Input((image_size, image_size, 3), name="picture")
    size = image_size
    for depth, channels in enumerate(layer_channels(image_size, width)):
        size //= 2
        x = keras.layers.Conv2D(
            channels,
            4,
            strides=2,
            padding="same",
            kernel_initializer=next(initializers),
            name=f"shrink_{size}px",
        )(x)
        if depth == 0:
            x = keras.layers.LeakyReLU(negative_slope=LEAK, name=f"leak_{size}px")(x)
        else:
            x = _normalised_leak(x, f"{size}px")
    x = keras.layers.Flatten(name="flatten")(x)
    logit = keras.layers.Dense(1, kernel_initializer=next(initializers), name="logit")(x)
    return keras.Model(picture, logit, name="discriminator")


def build_spectral_discriminator(
    image_size: int, width: int, seed: int | None = None
) -> keras.Model:
    """Build the discriminator with spectral normalisation in place of BatchNorm.

    Miyato et al., "Spectral Normalization for Generative Adversarial Networks" (2018); the weights
    are divided anew, in float32 and after one power iteration, in each call with training=True.
    """
    initializers = seeded_initializers(keras.initializers.GlorotUniform, seed, stream=1)
    picture = x = keras.Input((image_size, image_size, 3), name="picture")
    size = image_size
    for channels in layer_channels(image_size, width):
        size //= 2
        shrink = keras.layers.Conv2D(
            channels,
            4,
            strides=2,
            padding="same",
            kernel_initializer=next(initializers),
            name=f"shrink_{size}px",
        )
        x = keras.layers.SpectralNormalization(shrink, dtype="float32", name=f"spectral_{size}px")(
            x
        )
        x = keras.layers.LeakyReLU(negative_slope=LEAK, name=f"leak_{size}px")(x)
    x = keras.layers.Flatten(name="flatten")(x)
    logit = keras.layers.Dense(
        1, kernel_initializer=next(initializers), dtype="float32", name="logit"
    )
    x = keras.layers.SpectralNormalization(logit, dtype="float32", name="spectral_logit")(x)
    discriminator = keras.Model(picture, x, name="discriminator")
    vectors = seeded_initializers(keras.initializers.RandomNormal, seed, stream=2)
    for layer in discriminator.layers:
        if isinstance(layer, keras.layers.SpectralNormalization):
            layer.vector_u.assign(next(vectors)(layer.vector_u.shape))
    return discriminator


def _normalised_leak(x: keras.KerasTensor, place: str) -> keras.KerasTensor:
    x = keras.layers.BatchNormalization(
        momentum=BATCH_NORM_MOMENTUM, synchronized=several_replicas(), name=f"norm_{place}"
    )(x)
    return keras.layers.LeakyReLU(negative_slope=LEAK, name=f"leak_{place}")(x)
