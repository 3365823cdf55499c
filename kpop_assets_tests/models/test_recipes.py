"""What holds of every recipe in the registry."""

import hashlib
import shutil

import numpy as np
import pytest
import tensorflow as tf

from kpop_assets.models.cover_source import InMemoryCovers
from kpop_assets.models.original.learner import OriginalLearner
from kpop_assets.models.recipes import DEFAULT_RECIPE, RECIPES
from kpop_assets.models.training import train
from kpop_assets.training.checkpoint import checkpoint_steps
from kpop_assets.training.host import TrainingHost
from kpop_assets.training.step.randomness import StepRandomness


def weights_digest(generator):
    return hashlib.sha256(b"".join(w.tobytes() for w in generator.get_weights())).hexdigest()


def test_the_default_recipe_is_offered_first():
    assert next(iter(RECIPES)) == DEFAULT_RECIPE


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_recipe_has_a_label_for_every_loss_of_its_learner(covers, settings, recipe):
    learner = (
        settings.model_copy(update={"recipe": recipe})
        .for_cover_set("")
        .untrained(InMemoryCovers(covers))
    )
    assert tuple(RECIPES[recipe].losses) == learner.loss_names


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_stopped_run_of_any_recipe_ends_as_an_unbroken_one(covers, settings, tmp_path, recipe):
    settings = settings.model_copy(update={"recipe": recipe, "steps": 6, "checkpoint_every": 3})
    folder, stopped = tmp_path / "unbroken", tmp_path / "stopped"

    def keep_the_first(step: int) -> None:
        if step == 3:
            shutil.copytree(folder, stopped)

    unbroken = train(covers, settings, folder, "covers", TrainingHost(on_checkpoint=keep_the_first))
    assert checkpoint_steps(stopped) == [3]
    resumed = train(covers, settings, stopped, "covers", TrainingHost())
    assert resumed.first_step == 3
    assert weights_digest(resumed.generator) == weights_digest(unbroken.generator)
    assert resumed.losses.equals(unbroken.losses)
    assert np.isfinite(resumed.losses.to_numpy()).all()


def test_the_original_teaches_its_generator_with_the_noisy_labels_of_the_real_covers(
    covers, settings, monkeypatch
):
    learner = OriginalLearner(settings.for_cover_set(""), InMemoryCovers(covers))
    labels = []
    for update in ("_discriminator_update", "_generator_update"):
        monkeypatch.setattr(learner, update, lambda _, given: labels.append(given) or given[0, 0])
    learner.update(StepRandomness(0, tf.constant(1, tf.int64), tf.constant(0, tf.int64)))
    real, fake, of_generator = (one.numpy() for one in labels)
    np.testing.assert_array_equal(of_generator, real)
    assert 0.8 < real.min() <= real.max() <= 1
    assert 0 <= fake.min() <= fake.max() < 0.2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("recipe", "image_size"),
    [
        (name, size)
        for name, recipe in RECIPES.items()
        for size in (64, 128, 256, 512)
        if size <= recipe.largest_size
    ],
)
def test_every_size_trains(settings, tmp_path, recipe, image_size):
    covers = np.random.default_rng(0).integers(
        0, 256, (3, image_size, image_size, 3), dtype=np.uint8
    )
    settings = settings.model_copy(
        update={"recipe": recipe, "steps": 1, "image_size": image_size, "batch_size": 2}
    )
    frames = {}
    host = TrainingHost(on_frame=frames.__setitem__)
    trained = train(covers, settings, tmp_path, "covers", host)
    assert np.isfinite(trained.losses.to_numpy()).all()
    assert trained.generator.output_shape == (None, image_size, image_size, 3)
    assert frames[1].shape[1] <= 1030
