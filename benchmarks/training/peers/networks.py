"""The two DCGAN networks at 64 px that all rules are compared on.

Layers of Rahul Agarwal, "An End to End Introduction to GANs" (MLWhiz, 2019): pytorch/examples'
DCGAN and one more 3×3 convolution before the picture. Written out here and not taken from
kpop_assets, so that peers stay as they are when the product's networks change.
"""

import keras

LEAK = 0.2
NOISE_SIZE = 100


def generator(refined: bool = True) -> keras.Model:
    """Build noise (batch, 1, 1, 100) to pictures (batch, 64, 64, 3) in [-1, 1].

    Without `refined` the 3×3 convolution is left out, as in pytorch/examples.
    """
    x = noise = keras.Input((1, 1, NOISE_SIZE))
    x = _normalised(keras.layers.Conv2DTranspose(512, 4, padding="valid")(x))
    for channels in (256, 128, 64):
        x = _normalised(keras.layers.Conv2DTranspose(channels, 4, strides=2, padding="same")(x))
    if refined:
        x = _normalised(keras.layers.Conv2D(64, 3, padding="same")(x))
    x = keras.layers.Conv2DTranspose(3, 4, strides=2, padding="same", activation="tanh")(x)
    return keras.Model(noise, x)


def discriminator(activation: str | None = None) -> keras.Model:
    """Build pictures (batch, 64, 64, 3) to a number (batch, 1), a logit without `activation`."""
    x = picture = keras.Input((64, 64, 3))
    x = keras.layers.Conv2D(64, 4, strides=2, padding="same")(x)
    x = keras.layers.LeakyReLU(negative_slope=LEAK)(x)
    for channels in (128, 256, 512):
        x = _normalised(keras.layers.Conv2D(channels, 4, strides=2, padding="same")(x))
    x = keras.layers.Dense(1, activation=activation)(keras.layers.Flatten()(x))
    return keras.Model(picture, x)


def _normalised(x: keras.KerasTensor) -> keras.KerasTensor:
    x = keras.layers.BatchNormalization(momentum=0.5)(x)
    return keras.layers.LeakyReLU(negative_slope=LEAK)(x)
