import keras
import numpy as np
import pytest

from kpop_assets.models.errors import ExportError, FieldError
from kpop_assets.models.live.exported_network import OPTIONS, exported_network
from kpop_assets.models.live.live_generator import cover_input, live_generator
from kpop_assets.models.networks.dcgan_networks import build_generator
from kpop_assets.models.sampling import covers_of_noise, sample_covers
from kpop_assets_tests.models.live.small_generator import FIELDS, NOISE_SIZE, small_generator


@pytest.fixture(scope="module")
def generator() -> keras.Model:
    return small_generator()


def test_all_layers_and_weights_are_exported_in_order(generator: keras.Model) -> None:
    network = exported_network(generator)
    assert network.layers[0]["kind"] == "InputLayer"
    for place, layer in enumerate(network.layers):
        assert layer["kind"] in OPTIONS
        assert all(source < place for source, _ in layer["inputs"])
    shapes = [shape for layer in network.layers for _, shape in layer["weights"]]
    assert network.weights.dtype == np.float16
    assert len(network.weights) == sum(int(np.prod(shape)) for shape in shapes)
    assert network.output == (len(network.layers) - 1, 0)


def test_normalisation_is_exported_as_what_it_multiplies_by_and_adds() -> None:
    noise = keras.Input((1, 1, 3))
    norm = keras.layers.BatchNormalization(epsilon=0.5)
    model = keras.Model(noise, norm(noise))
    norm.set_weights([np.full(3, value, np.float32) for value in (2, 5, 10, 3.5)])
    network = exported_network(model)
    np.testing.assert_array_equal(network.weights, [1, 1, 1, -5, -5, -5])


def test_without_fields_a_number_is_the_first_cover_of_that_seed() -> None:
    generator = small_generator(NOISE_SIZE)
    drawn = covers_of_noise(generator, cover_input(NOISE_SIZE, (), 12, ())[None])
    np.testing.assert_array_equal(drawn, sample_covers(generator, 1, seed=12))


def test_covers_are_drawn_before_of_all_choices(generator: keras.Model) -> None:
    live = live_generator(generator, NOISE_SIZE, FIELDS)
    assert live.image_size == 64
    assert [one.seed for one in live.drawn_before] == list(range(12))
    assert live.drawn_before[0].alt == "number 0, boy, 2010"
    assert live.drawn_before[-1].alt == "number 11, girl, 2020"
    assert len({one.picture for one in live.drawn_before}) == 12


def test_fields_that_do_not_fit_the_generator_are_refused(generator: keras.Model) -> None:
    with pytest.raises(FieldError, match=r"takes 19 channels \(noise 16, fields set 3\), got one"):
        live_generator(generator, NOISE_SIZE, FIELDS[:1])


def test_a_generator_that_the_page_cannot_run_is_refused() -> None:
    generator = build_generator(32, 8, 4)
    with pytest.raises(ExportError, match="show a generator of the recipe drifting"):
        live_generator(generator, 8)


@pytest.mark.parametrize("value", [1e6, np.nan])
def test_weights_that_float16_cannot_hold_are_refused(value: float) -> None:
    noise = keras.Input((1, 1, 3))
    dense = keras.layers.Dense(2)
    model = keras.Model(noise, dense(noise))
    dense.set_weights([np.full((3, 2), value, np.float32), np.zeros(2, np.float32)])
    with pytest.raises(ExportError, match="at most 65504, got"):
        exported_network(model)
