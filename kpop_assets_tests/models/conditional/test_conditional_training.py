"""A generator that learns what covers are to be."""

import numpy as np
import pytest

from kpop_assets.models.conditional.conditions import conditions_of_columns
from kpop_assets.models.conditional.learner import ConditionalLearner, chances
from kpop_assets.models.conditional.sampling import sample_told
from kpop_assets.models.settings import TrainingSettings
from kpop_assets.models.training import train
from kpop_assets.training.host import TrainingHost

SETS = ["red"] * 6 + ["blue"] * 18
CONDITIONS = conditions_of_columns({"set": SETS})
PLACES = CONDITIONS.places_of({"set": SETS}, len(SETS))
SETTINGS = TrainingSettings(
    steps=30,
    image_size=32,
    width=8,
    noise_size=8,
    batch_size=12,
    evaluate_every=0,
    checkpoint_every=10,
    log_every=10,
)


def red_and_blue_covers():
    covers = np.random.default_rng(0).integers(0, 60, (len(SETS), 32, 32, 3), dtype=np.uint8)
    for cover, name in zip(covers, SETS, strict=True):
        cover[..., 0 if name == "red" else 2] += 180
    return covers


def trained(folder, host=None, guidance=0.0):
    def learner(settings, covers):
        return ConditionalLearner(settings, covers, CONDITIONS, PLACES, guidance)

    covers = red_and_blue_covers()
    return train(covers, SETTINGS, folder, "", host or TrainingHost(), rule=learner)


def redness(generator, name):
    places = np.repeat(CONDITIONS.places({"set": name})[np.newaxis], 16, axis=0)
    covers = sample_told(generator, CONDITIONS, places, seed=5).astype(float)
    return (covers[..., 0] - covers[..., 2]).mean()


@pytest.mark.parametrize("guidance", [0.0, 0.5])
def test_covers_become_what_they_are_told_to_be(tmp_path, guidance):
    generator = trained(tmp_path, guidance=guidance).generator
    assert redness(generator, "red") > redness(generator, "blue") + 40


def test_a_training_that_was_stopped_ends_in_the_same_weights(tmp_path):
    asked = []

    def stop_once():
        asked.append(None)
        return len(asked) == 1

    whole = trained(tmp_path / "whole")
    stopped = trained(tmp_path / "stopped", TrainingHost(should_stop=stop_once))
    resumed = trained(tmp_path / "stopped")
    assert stopped.stopped
    assert resumed.first_step > 0
    for one, other in zip(whole.generator.weights, resumed.generator.weights, strict=True):
        np.testing.assert_array_equal(one.numpy(), other.numpy())


def test_a_small_set_is_drawn_more_than_its_share():
    each = chances(PLACES)
    assert each.sum() == pytest.approx(1)
    assert each[:6].sum() == pytest.approx(6**0.5 / (6**0.5 + 18**0.5))
