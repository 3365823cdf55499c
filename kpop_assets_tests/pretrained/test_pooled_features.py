import keras
import numpy as np
import pytest
from PIL import Image

from kpop_assets.pretrained.efficientnet_lite0 import pooled_efficientnet_lite0
from kpop_assets.pretrained.errors import PicturesShapeError
from kpop_assets.pretrained.mobilenet_v2 import pooled_mobilenet_v2
from kpop_assets.pretrained.pooled_features import pooled_features
from kpop_assets_tests.conftest import drawn_cover


@pytest.fixture(scope="module", params=[pooled_efficientnet_lite0, pooled_mobilenet_v2])
def network(request):
    return request.param(160)


def covers(count, size):
    return np.stack([np.asarray(drawn_cover(seed, (size, size))) for seed in range(count)])


def test_pictures_of_the_networks_size_are_looked_at_as_they_are(network):
    pictures = covers(3, 160)
    features = pooled_features(network, pictures)
    assert features.shape == (3, 1280)
    assert features.dtype == np.float32
    expected = network(pictures.astype(np.float32) / 127.5 - 1)
    np.testing.assert_allclose(features, expected, rtol=1e-4, atol=1e-4)


def as_a_network_sees_them(pictures, size):
    """The pictures that a network of `size` pixels is given, in 0 to 255."""
    passed_on = keras.Sequential([keras.Input((size, size, 3)), keras.layers.Flatten()])
    seen = pooled_features(passed_on, pictures, size=size)
    return (seen.reshape(-1, size, size, 3) + 1) * 127.5


@pytest.mark.parametrize("size", [64, 100, 400])
def test_pictures_are_brought_to_size_by_cubic_interpolation_without_aliasing(size):
    pictures = np.random.default_rng(1).integers(80, 176, (2, size, size, 3)).astype(np.uint8)
    for picture, seen in zip(pictures, as_a_network_sees_them(pictures, 160), strict=True):
        by_pillow = Image.fromarray(picture).resize((160, 160), Image.Resampling.BICUBIC)
        np.testing.assert_allclose(seen, by_pillow, atol=2)


def test_what_overshoots_in_the_interpolation_is_cut_off():
    stripes = np.zeros((1, 64, 64, 3), np.uint8)
    stripes[:, ::8] = 255
    seen = as_a_network_sees_them(stripes, 160)
    assert seen.min() == 0
    assert seen.max() == pytest.approx(255)


def test_the_answer_does_not_depend_on_the_batch(network):
    pictures = covers(7, 64)
    at_once = pooled_features(network, pictures, batch=7)
    for batch in (1, 3, 100):
        np.testing.assert_allclose(
            pooled_features(network, pictures, batch=batch), at_once, rtol=1e-4, atol=1e-4
        )


def test_never_more_than_a_batch_of_pictures_is_taken(network):
    taken = []

    class Watched(np.ndarray):
        def __getitem__(self, places):
            part = super().__getitem__(places)
            taken.append(len(part))
            return np.asarray(part)

    pooled_features(network, covers(7, 64).view(Watched), batch=3)
    assert taken == [3, 3, 1]


def test_another_size_can_be_asked_for():
    features = pooled_features(pooled_mobilenet_v2(96), covers(2, 64), size=96)
    assert features.shape == (2, 1280)


def test_no_pictures_have_no_features(network):
    assert pooled_features(network, np.empty((0, 64, 64, 3), np.uint8)).shape == (0, 1280)


@pytest.mark.parametrize(
    "pictures",
    [
        np.zeros((2, 64, 64, 3), np.float32),
        np.zeros((64, 64, 3), np.uint8),
        np.zeros((2, 64, 64, 4), np.uint8),
    ],
)
def test_anything_but_uint8_colour_pictures_is_refused(network, pictures):
    with pytest.raises(PicturesShapeError, match="uint8, got"):
        pooled_features(network, pictures)
