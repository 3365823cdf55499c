"""Mixed precision and XLA: off without a GPU; with the CPU taken for one, the same training."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from kpop_assets.models.cover_source import CoverSource, InMemoryCovers
from kpop_assets.models.networks.acceleration import training_precision, usable_settings
from kpop_assets.models.networks.dcgan_networks import build_spectral_discriminator
from kpop_assets.models.training import train
from kpop_assets.training.checkpoint import checkpoint_path
from kpop_assets.training.host import TrainingHost
from kpop_assets.training.step.replicas import Devices

CPU = Devices(("/CPU:0",), are_gpus=False)
CPU_TAKEN_FOR_A_GPU = Devices(("/CPU:0",), are_gpus=True)
TWO_GPUS = Devices(("/GPU:0", "/GPU:1"), are_gpus=True)
ACCELERATIONS = {"mixed_precision": True, "xla": True}


class Streamed(CoverSource):
    """Covers that XLA cannot gather."""


@pytest.fixture
def accelerated(settings):
    return settings.model_copy(update=ACCELERATIONS | {"recipe": "dcgan"}).for_cover_set("")


@pytest.mark.parametrize(
    ("devices", "recipe", "streamed", "left_off"),
    [
        (CPU_TAKEN_FOR_A_GPU, "dcgan", False, {}),
        (
            CPU,
            "dcgan",
            False,
            {
                "mixed_precision": "no GPU, and on a CPU it made a step take 19 times as long",
                "xla": "no GPU, and on a CPU it made a step take 1.2 times as long",
            },
        ),
        (TWO_GPUS, "dcgan", False, {"xla": "on more than one GPU is not compiled"}),
        (CPU_TAKEN_FOR_A_GPU, "dcgan", True, {"xla": "raise covers_in_memory_mb"}),
        (CPU_TAKEN_FOR_A_GPU, "drifting", False, {"xla": "XLA got wrong in TensorFlow 2.21"}),
        (CPU_TAKEN_FOR_A_GPU, "original", False, {"mixed_precision": "as the original did"}),
    ],
)
def test_what_cannot_be_had_is_left_off_with_a_warning_that_says_why(
    covers, accelerated, devices, recipe, streamed, left_off
):
    source = Streamed() if streamed else InMemoryCovers(covers)
    chosen = accelerated.model_copy(update={"recipe": recipe})
    warnings: list[str] = []
    usable = usable_settings(chosen, devices, source, warnings.append)
    assert {name for name in ACCELERATIONS if not getattr(usable, name)} == left_off.keys()
    for warning, (name, reason) in zip(warnings, left_off.items(), strict=True):
        assert warning.startswith(f"{name} is left off: ")
        assert reason in warning


def test_nothing_is_warned_of_that_nobody_asked_for(covers, settings):
    warnings: list[str] = []
    filled = settings.for_cover_set("")
    assert usable_settings(filled, CPU, InMemoryCovers(covers), warnings.append) == filled
    assert warnings == []


def test_without_a_gpu_a_run_is_the_same_whatever_was_asked_for(covers, settings, tmp_path):
    short = settings.model_copy(update={"steps": 2})
    plain = train(covers, short, tmp_path / "plain", "covers", TrainingHost(), devices=CPU)
    asked = short.model_copy(update=ACCELERATIONS)
    accelerated = train(covers, asked, tmp_path / "plain", "covers", TrainingHost(), devices=CPU)
    assert accelerated.first_step == 2, "not the run that was asked for without"
    assert accelerated.losses.equals(plain.losses)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("recipe", "faster"),
    [
        ("dcgan", {"mixed_precision": True}),
        ("drifting", {"mixed_precision": True}),
        ("drifting", {"convolutions": "bfloat16"}),
    ],
)
def test_bfloat16_trains_float32_weights_to_nearly_the_same_losses(
    covers, settings, tmp_path, recipe, faster
):
    changes = {"recipe": recipe, "steps": 2, "width": 8, "generator_learning_rate": 2e-4}
    settings = settings.model_copy(update=changes | {"convolutions": "float32"})
    mixed = settings.model_copy(update=faster)
    expected, trained = (
        train(covers, one, tmp_path / name, "covers", TrainingHost(), devices=CPU_TAKEN_FOR_A_GPU)
        for one, name in ((settings, "plain"), (mixed, "mixed"))
    )
    assert not trained.losses.equals(expected.losses)
    np.testing.assert_allclose(trained.losses, expected.losses, rtol=0.01)
    assert {layer.dtype_policy.name for layer in trained.generator.layers} == {"float32"}
    with np.load(checkpoint_path(tmp_path / "mixed", 2)) as arrays:
        kinds = {
            arrays[name].dtype.name
            for name in arrays.files
            if name.startswith("variables/") and arrays[name].ndim
        }
    assert kinds == {"float32"}
    assert keras.config.dtype_policy().name == "float32"


def test_spectral_normalisation_rounds_no_weight_to_mixed_precision():
    with training_precision(mixed=True):
        discriminator = build_spectral_discriminator(32, 8, seed=0)
    logits = discriminator(tf.ones((2, 32, 32, 3)), training=True)
    assert logits.dtype == tf.float32
    kernels = [weight for weight in discriminator.trainable_variables if len(weight.shape) > 1]
    assert len(kernels) == 4
    for kernel in kernels:
        rounded = tf.cast(tf.cast(kernel.value, tf.bfloat16), tf.float32)
        assert not np.array_equal(kernel.numpy(), rounded), f"{kernel.path} was rounded"


def test_the_precision_of_what_is_built_later_is_as_before():
    with pytest.raises(ZeroDivisionError), training_precision(mixed=True):
        assert keras.config.dtype_policy().name == "mixed_bfloat16"
        raise ZeroDivisionError
    assert keras.config.dtype_policy().name == "float32"


@pytest.mark.slow
@pytest.mark.parametrize(("recipe", "size"), [("original", 32), ("dcgan", 32), ("drifting", 64)])
def test_a_compiled_step_has_the_losses_of_a_plain_one(
    settings, tmp_path, recipe, size, monkeypatch
):
    """XLA turns the same random bits into other floats, so here they are made of integers."""
    whole_numbers = tf.random.stateless_uniform

    def uniform(shape, seed, minval=0, maxval=1, dtype=tf.float32, alg="philox"):
        if tf.as_dtype(dtype).is_integer:
            return whole_numbers(shape, seed, minval, maxval, dtype, alg=alg)
        numbers = whole_numbers(shape, seed, 0, 2**20, tf.int32, alg=alg)
        return tf.cast(numbers, tf.float32) / 2**20 * (maxval - minval) + minval

    def normal(shape, seed, mean=0.0, stddev=1.0, dtype=tf.float32, alg="philox"):
        return tf.math.ndtri(uniform(shape, seed, 0.005, 0.995, dtype, alg)) * stddev + mean

    monkeypatch.setattr(tf.random, "stateless_uniform", uniform)
    monkeypatch.setattr(tf.random, "stateless_normal", normal)
    covers = np.random.default_rng(7).integers(0, 256, (5, size, size, 3), dtype=np.uint8)
    changes = {"recipe": recipe, "image_size": size, "steps": 2, "convolutions": "float32"}
    settings = settings.model_copy(update=changes)
    compiled = settings.model_copy(update={"xla": True})
    expected, got = (
        train(covers, one, tmp_path / name, "covers", TrainingHost(), devices=CPU_TAKEN_FOR_A_GPU)
        for one, name in ((settings, "plain"), (compiled, "compiled"))
    )
    assert not got.losses.equals(expected.losses), "nothing was compiled"
    np.testing.assert_allclose(got.losses, expected.losses, rtol=1e-3)
