import numpy as np
import pytest

from kpop_assets.models.networks.dcgan_networks import (
    build_discriminator,
    build_generator,
    layer_channels,
)
from kpop_assets.models.settings import IMAGE_SIZES


def trainable(model):
    return sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)


def maps(model, kinds):
    return [
        (type(layer).__name__, layer.kernel_size[0], layer.strides[0], layer.output.shape[1:])
        for layer in model.layers
        if type(layer).__name__ in kinds
    ]


def test_the_generator_is_the_originals_at_64_px():
    generator = build_generator(64, 100, 64)
    assert generator.count_params() == 3_616_771
    assert trainable(generator) == 3_614_723
    assert maps(generator, {"Conv2DTranspose", "Conv2D"}) == [
        ("Conv2DTranspose", 4, 1, (4, 4, 512)),
        ("Conv2DTranspose", 4, 2, (8, 8, 256)),
        ("Conv2DTranspose", 4, 2, (16, 16, 128)),
        ("Conv2DTranspose", 4, 2, (32, 32, 64)),
        ("Conv2D", 3, 1, (32, 32, 64)),
        ("Conv2DTranspose", 4, 2, (64, 64, 3)),
    ]


def test_the_discriminator_is_the_originals_at_64_px():
    discriminator = build_discriminator(64, 64)
    assert discriminator.count_params() == 2_768_321
    assert trainable(discriminator) == 2_766_529
    assert maps(discriminator, {"Conv2D"}) == [
        ("Conv2D", 4, 2, (32, 32, 64)),
        ("Conv2D", 4, 2, (16, 16, 128)),
        ("Conv2D", 4, 2, (8, 8, 256)),
        ("Conv2D", 4, 2, (4, 4, 512)),
    ]


def test_batch_normalisation_and_leaks_are_the_originals():
    for model, norms in ((build_generator(64, 100, 8), 5), (build_discriminator(64, 8), 3)):
        kinds = [type(layer).__name__ for layer in model.layers]
        assert kinds.count("BatchNormalization") == norms
        for layer in model.layers:
            assert getattr(layer, "momentum", 0.5) == 0.5
            assert getattr(layer, "negative_slope", 0.2) == 0.2


@pytest.mark.parametrize(
    ("image_size", "channels"),
    [
        (32, [64, 128, 256]),
        (64, [64, 128, 256, 512]),
        (128, [64, 128, 256, 512, 512]),
        (512, [64, 128, 256, 512, 512, 512, 512]),
    ],
)
def test_channels_double_inwards_up_to_eight_times_the_width(image_size, channels):
    assert layer_channels(image_size, 64) == channels


@pytest.mark.parametrize("image_size", IMAGE_SIZES)
def test_every_size_goes_from_noise_to_pictures_in_range_to_one_logit(image_size):
    generator = build_generator(image_size, 6, 2)
    pictures = generator(np.random.default_rng(0).normal(size=(2, 1, 1, 6)).astype("float32"))
    assert pictures.shape == (2, image_size, image_size, 3)
    assert np.abs(pictures).max() <= 1
    assert build_discriminator(image_size, 2)(pictures).shape == (2, 1)


def test_a_seed_fixes_the_first_weights_and_no_two_layers_share_them():
    first, again, other = (build_generator(32, 16, 2, seed) for seed in (3, 3, 4))
    for one, two in zip(first.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)
    assert not np.array_equal(first.get_weights()[0], other.get_weights()[0])
    kernels = [layer.kernel.numpy().ravel() for layer in first.layers if hasattr(layer, "kernel")]
    scaled = {round(float(kernel[0] / np.abs(kernel).max()), 6) for kernel in kernels}
    assert len(scaled) == len(kernels)
