"""A run on two devices, here two logical CPUs, is the run on one of them."""

import pathlib
import shutil
import subprocess
import sys
from dataclasses import dataclass

import numpy as np
import pytest
import tensorflow as tf

from kpop_assets.models.generator_files import load_generator, save_generator
from kpop_assets.models.networks.augmentation import augmented, flipped
from kpop_assets.models.recipes import RECIPES
from kpop_assets.models.sampling import sample_covers
from kpop_assets.models.settings import FilledSettings, TrainingSettings
from kpop_assets.models.training import TrainedGenerator, train
from kpop_assets.training.checkpoint import checkpoint_path
from kpop_assets.training.host import TrainingHost
from kpop_assets.training.state import state_variables
from kpop_assets.training.step.randomness import BATCH, StepRandomness
from kpop_assets.training.step.replicas import BatchSplitError, Devices, Replica

ONE = Devices(("/CPU:0",), are_gpus=False)
TWO = Devices(("/CPU:0", "/CPU:1"), are_gpus=False)
HALVES = [Replica(0, 2), Replica(1, 2)]
STEPS = 2
RESUMED = "dcgan"
"""The recipe whose runs are gone on with: how that is done knows no recipe."""

ROUNDING = 5e-4
"""Two devices add in another order, use other kernels for half a batch, and take a variance as
E[x²] - E[x]². In these two steps that moved losses by 5e-5 at most, and moments after one step by
2e-4 of the largest; a third step of drifting, whose first steps magnify rounding, by 2e-3."""


@dataclass(frozen=True)
class Runs:
    """Losses, float32 (STEPS, losses), by run, and the rest that a child process wrote."""

    folder: pathlib.Path
    arrays: dict[str, np.ndarray]

    def losses(self, run: str) -> np.ndarray:
        return self.arrays[f"losses/{run}"]

    def moments(self, run: str) -> dict[str, list[np.ndarray]]:
        """The moments after one step, by optimizer."""
        with np.load(checkpoint_path(self.folder / f"{run} after a step", 1)) as arrays:
            found: dict[str, list[np.ndarray]] = {}
            for name in sorted(arrays.files):
                if "_optimizer/" in name and arrays[name].ndim:
                    found.setdefault(name.split("/")[1], []).append(arrays[name])
        return found


@pytest.fixture(scope="module", params=RECIPES)
def runs(request, tmp_path_factory) -> Runs:
    folder = tmp_path_factory.mktemp(request.param)
    subprocess.run([sys.executable, "-m", __spec__.name, request.param, str(folder)], check=True)
    with np.load(folder / "runs.npz") as arrays:
        return Runs(folder, dict(arrays))


@pytest.mark.slow
def test_two_devices_have_the_losses_of_one(runs):
    np.testing.assert_allclose(runs.losses("two"), runs.losses("one"), rtol=ROUNDING)


@pytest.mark.slow
def test_two_devices_have_the_gradients_of_one(runs):
    one, two = runs.moments("one"), runs.moments("two")
    assert one.keys() == two.keys() != set()
    for holder, moments in one.items():
        largest = max(np.abs(moment).max() for moment in moments)
        for got, expected in zip(two[holder], moments, strict=True):
            np.testing.assert_allclose(got, expected, rtol=0, atol=ROUNDING * largest)


@pytest.mark.slow
def test_both_devices_end_in_the_same_weights_and_moments(runs):
    assert runs.arrays["unequal"].tolist() == []


@pytest.mark.slow
@pytest.mark.parametrize("runs", [RESUMED], indirect=True)
def test_a_run_on_two_devices_goes_on_as_an_unbroken_one(runs):
    np.testing.assert_array_equal(runs.losses("resumed"), runs.losses("two"))


@pytest.mark.slow
@pytest.mark.parametrize("runs", [RESUMED], indirect=True)
def test_a_run_on_two_devices_goes_on_with_one(runs):
    np.testing.assert_allclose(runs.losses("on one"), runs.losses("one"), rtol=ROUNDING)


@pytest.mark.slow
def test_a_generator_of_two_devices_is_stored_as_any_other(runs):
    generator = load_generator(runs.folder / "two.keras")
    np.testing.assert_array_equal(sample_covers(generator, 4, seed=0), runs.arrays["samples"])


def test_a_batch_that_devices_cannot_share_is_a_named_error(covers, settings, folder):
    odd = settings.model_copy(update={"batch_size": 5})
    with pytest.raises(BatchSplitError, match=r"2 devices can share evenly, got 5; .* multiple"):
        train(covers, odd, folder, "covers", TrainingHost(), devices=TWO)
    assert not folder.exists()


def test_replicas_share_the_random_numbers_of_the_whole_batch():
    step, attempt = tf.constant(3, tf.int64), tf.constant(0, tf.int64)
    whole = StepRandomness(0, step, attempt)
    halves = [StepRandomness(0, step, attempt, replica) for replica in HALVES]
    for draw in (
        lambda randomness: randomness.noise(6, 4, BATCH),
        lambda randomness: randomness.uniform(6, 0.0, 1.0, BATCH),
        lambda randomness: randomness.rows(6, 100),
    ):
        np.testing.assert_array_equal(tf.concat([draw(half) for half in halves], 0), draw(whole))
        np.testing.assert_array_equal(draw(halves[1].of_all()), draw(whole))


@pytest.mark.parametrize("change", [flipped, augmented])
def test_replicas_change_their_covers_as_in_the_whole_batch(change):
    covers = tf.random.stateless_uniform((6, 32, 32, 3), (1, 2), -1.0, 1.0)
    seed = tf.constant([3, 4], tf.int64)
    halves = zip(tf.split(covers, 2), HALVES, strict=True)
    changed = tf.concat([change(half, seed, replica) for half, replica in halves], 0)
    np.testing.assert_allclose(changed, change(covers, seed), atol=1e-6)


def train_on_one_and_two(recipe: str, folder: pathlib.Path) -> None:
    """Write what the tests above compare; TensorFlow gets two CPUs before it starts."""
    [cpu] = tf.config.list_physical_devices("CPU")
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    covers = np.random.default_rng(7).integers(0, 256, (10, 32, 32, 3), dtype=np.uint8)
    settings = TrainingSettings(
        recipe=recipe,
        steps=STEPS,
        image_size=32,
        batch_size=4,
        noise_size=5,
        width=8,
        checkpoint_every=1,
        convolutions="float32",
    )
    learners = []

    def kept(*needs):
        learners.append(FilledSettings.untrained(*needs))
        return learners[-1]

    def run(name: str, devices: Devices, after_a_step_of: str | None = None) -> TrainedGenerator:
        checkpoints = folder / name
        if after_a_step_of is not None:
            shutil.copytree(folder / f"{after_a_step_of} after a step", checkpoints)

        def keep_the_first(step: int) -> None:
            if step == 1:
                shutil.copytree(checkpoints, folder / f"{name} after a step")

        host = TrainingHost(on_checkpoint=keep_the_first)
        return train(covers, settings, checkpoints, "covers", host, devices=devices, rule=kept)

    one, two = run("one", ONE), run("two", TWO)
    unequal = [
        name
        for name, variable in state_variables(learners[-1]).items()
        if not np.array_equal(*(copy.numpy() for copy in variable.value.values))
    ]
    trained = {"one": one, "two": two}
    if recipe == RESUMED:
        resumed = {"resumed": run("resumed", TWO, "two"), "on one": run("on one", ONE, "two")}
        assert [each.first_step for each in resumed.values()] == [1, 1]
        trained |= resumed
    save_generator(two.generator, folder / "two.keras")
    losses = {f"losses/{name}": each.losses.to_numpy()[:, 1:] for name, each in trained.items()}
    np.savez(
        folder / "runs.npz",
        unequal=np.array(unequal, str),
        samples=sample_covers(two.generator, 4, seed=0),
        **losses,
    )


if __name__ == "__main__":
    train_on_one_and_two(sys.argv[1], pathlib.Path(sys.argv[2]))
