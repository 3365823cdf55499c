import subprocess
import sys

import pytest
from pydantic import ValidationError

from kpop_assets.models.recipes import RECIPES
from kpop_assets.models.settings import TrainingSettings


def test_the_general_set_trains_in_batches_of_32_from_128_noise_numbers():
    settings = TrainingSettings(recipe="original").for_cover_set("general")
    assert (settings.batch_size, settings.noise_size) == (32, 128)


@pytest.mark.parametrize("cover_set", ["boy", "girl", "popular"])
def test_every_other_set_trains_in_batches_of_64_from_100_noise_numbers(cover_set):
    settings = TrainingSettings(recipe="original").for_cover_set(cover_set)
    assert (settings.batch_size, settings.noise_size) == (64, 100)


def test_what_a_person_chose_is_kept_for_every_set():
    settings = TrainingSettings(batch_size=16, noise_size=50).for_cover_set("general")
    assert (settings.batch_size, settings.noise_size) == (16, 50)


def test_a_setting_that_nobody_reads_is_refused_by_name():
    with pytest.raises(ValidationError, match="code_learning_rate"):
        TrainingSettings(code_learning_rate=3)


def test_every_field_explains_itself():
    assert all(
        len(field.description or "") > 40 for field in TrainingSettings.model_fields.values()
    )


@pytest.mark.parametrize("image_size", [0, -64, 16, 48, 65, 1024])
def test_a_size_the_networks_cannot_make_is_refused_with_the_sizes_they_can(image_size):
    with pytest.raises(ValidationError, match=f"got {image_size}; choose one of 32, 64, 128, 256"):
        TrainingSettings(image_size=image_size)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("steps", 0),
        ("batch_size", 0),
        ("noise_size", -1),
        ("width", 0),
        ("frame_every", 0),
        ("checkpoint_every", -5),
        ("log_every", 0),
        ("observe_every", 0),
        ("generator_learning_rate", 0.0),
        ("discriminator_learning_rate", float("nan")),
        ("discriminator_learning_rate", float("inf")),
        ("beta_1", 1.0),
        ("label_noise", -0.1),
        ("label_noise", 1.0),
        ("evaluate_every", -1),
        ("evaluation_samples", 1),
        ("covers_in_memory_mb", 0),
        ("seed", -1),
        ("seed", 2**31),
    ],
)
def test_an_impossible_number_is_refused_by_field_and_value(field, value):
    with pytest.raises(ValidationError, match=rf"{field}\n.*expected .*, got {value}; "):
        TrainingSettings(**{field: value})


def test_settings_and_host_are_loaded_without_tensorflow():
    program = (
        "import sys, kpop_assets.models.settings, kpop_assets.training.host\n"
        "sys.exit('tensorflow' in sys.modules or 'keras' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize("cover_set", ["boy", "general"])
def test_a_recipe_fills_every_empty_field(recipe, cover_set):
    filled = TrainingSettings(recipe=recipe).for_cover_set(cover_set)
    assert None not in filled.model_dump().values()
    assert filled.for_cover_set(cover_set) == filled


def test_an_unknown_recipe_is_refused_with_the_known_ones():
    with pytest.raises(ValidationError, match=f"expected one of {', '.join(RECIPES)}, got 'x'"):
        TrainingSettings(recipe="x")


def test_only_the_original_makes_512_pixels():
    assert TrainingSettings(recipe="original", image_size=512).image_size == 512
    with pytest.raises(ValidationError, match="up to 256 for the recipe drifting, got 512"):
        TrainingSettings(recipe="drifting", image_size=512)
