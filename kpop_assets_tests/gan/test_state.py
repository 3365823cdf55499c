import numpy as np
import pytest

from kpop_assets.gan.state import initial_state, run_fingerprint


@pytest.fixture
def fingerprint(settings):
    def of(covers: str = "covers", **fields: object) -> str:
        chosen = settings.model_copy(update=fields)
        return run_fingerprint(covers, chosen, initial_state(chosen))

    return of


def test_a_run_may_be_lengthened_and_watched_more_closely(fingerprint):
    assert fingerprint() == fingerprint(
        steps=99, frame_every=1, checkpoint_every=1, log_every=1, observe_every=1
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"seed": 5},
        {"width": 8},
        {"image_size": 64},
        {"noise_size": 6},
        {"batch_size": 8},
        {"beta_1": 0.9},
        {"label_noise": 0.1},
        {"generator_learning_rate": 1e-3},
        {"discriminator_learning_rate": 1e-3},
    ],
)
def test_any_other_setting_makes_another_run(fingerprint, fields):
    assert fingerprint() != fingerprint(**fields)


def test_other_covers_make_another_run(fingerprint):
    assert fingerprint("covers") != fingerprint("other covers")


def test_arrays_carry_the_whole_state_into_fresh_networks(settings):
    first = initial_state(settings.model_copy(update={"seed": 1}))
    second = initial_state(settings.model_copy(update={"seed": 2}))
    assert not np.array_equal(first.arrays()["generator/000"], second.arrays()["generator/000"])
    second.assign(first.arrays())
    for name, value in first.arrays().items():
        np.testing.assert_array_equal(second.arrays()[name], value)


def test_the_state_holds_both_optimizers_moments(settings):
    state = initial_state(settings)
    weights = len(state.generator.trainable_variables)
    kept = [name for name in state.arrays() if name.startswith("generator_optimizer/")]
    assert len(kept) == 2 * weights + 2  # two moments each, the step count and the learning rate
