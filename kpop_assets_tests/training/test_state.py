import numpy as np
import pytest

from kpop_assets.models.cover_source import InMemoryCovers
from kpop_assets.models.recipes import RECIPES
from kpop_assets.training.state import arrays_of, assign, run_fingerprint, state_variables


def learner_of(settings, covers):
    return settings.for_cover_set("boy").untrained(InMemoryCovers(covers))


@pytest.fixture
def fingerprint(settings):
    def of(name: str = "covers", **fields: object) -> str:
        chosen = settings.model_copy(update=fields).for_cover_set("boy")
        pixels = np.zeros((2, chosen.image_size, chosen.image_size, 3), np.uint8)
        return run_fingerprint(name, chosen.deciding(), state_variables(learner_of(chosen, pixels)))

    return of


def test_a_run_may_be_lengthened_and_watched_more_closely(fingerprint):
    assert fingerprint() == fingerprint(
        steps=99,
        frame_every=1,
        checkpoint_every=1,
        log_every=1,
        observe_every=1,
        covers_in_memory_mb=1,
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"recipe": "dcgan"},
        {"seed": 5},
        {"width": 8},
        {"image_size": 64},
        {"noise_size": 6},
        {"batch_size": 8},
        {"beta_1": 0.9},
        {"label_noise": 0.1},
        {"generator_learning_rate": 1e-3},
        {"discriminator_learning_rate": 1e-3},
        {"evaluate_every": 7},
        {"evaluation_samples": 9},
    ],
)
def test_any_other_setting_makes_another_run(fingerprint, fields):
    assert fingerprint() != fingerprint(**fields)


def test_other_covers_make_another_run(fingerprint):
    assert fingerprint("covers") != fingerprint("other covers")


@pytest.mark.parametrize("recipe", RECIPES)
def test_arrays_carry_the_whole_state_into_fresh_networks(settings, covers, recipe):
    chosen = settings.model_copy(update={"recipe": recipe})
    first, second = (
        state_variables(learner_of(chosen.model_copy(update={"seed": seed}), covers))
        for seed in (1, 2)
    )
    arrays = arrays_of(first)
    assert not np.array_equal(arrays["generator/000"], arrays_of(second)["generator/000"])
    assign(second, arrays)
    for name, value in arrays.items():
        np.testing.assert_array_equal(second[name].numpy(), value)


def test_the_state_holds_both_optimizers_moments(settings, covers):
    learner = learner_of(settings, covers)
    weights = len(learner.networks["generator"].trainable_variables)
    kept = [name for name in state_variables(learner) if name.startswith("generator_optimizer/")]
    assert len(kept) == 2 * weights + 2  # two moments each, the step count and the learning rate
