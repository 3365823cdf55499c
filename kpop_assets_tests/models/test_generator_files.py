import zipfile

import keras
import numpy as np
import pytest

from kpop_assets.models.errors import GeneratorFileError
from kpop_assets.models.generator_files import load_generator, save_generator
from kpop_assets.models.networks.dcgan_networks import build_generator
from kpop_assets.models.sampling import sample_covers


@pytest.fixture
def generator():
    return build_generator(32, 5, 2, seed=1)


def test_a_stored_generator_makes_the_same_covers(generator, tmp_path):
    path = tmp_path / "boy" / "generator.keras"
    save_generator(generator, path)
    np.testing.assert_array_equal(
        sample_covers(load_generator(path), 3, seed=0), sample_covers(generator, 3, seed=0)
    )
    assert [file.name for file in path.parent.iterdir()] == ["generator.keras"]


def test_storing_replaces_the_file_that_was_there(generator, tmp_path):
    path = tmp_path / "generator.keras"
    save_generator(build_generator(32, 7, 2), path)
    save_generator(generator, path)
    assert load_generator(path).input_shape == (None, 1, 1, 5)


def test_another_file_ending_is_refused(generator, tmp_path):
    with pytest.raises(GeneratorFileError, match=r"ends in \.keras, got generator\.h5"):
        save_generator(generator, tmp_path / "generator.h5")


def test_a_folder_that_cannot_be_made_is_a_named_error(generator, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(GeneratorFileError, match="check free space and permissions"):
        save_generator(generator, tmp_path / "file" / "generator.keras")


def test_a_missing_file_is_a_named_error(tmp_path):
    with pytest.raises(GeneratorFileError, match=r"missing\.keras.*train the generator again"):
        load_generator(tmp_path / "missing.keras")


def test_a_file_of_something_else_is_a_named_error(tmp_path):
    path = tmp_path / "generator.keras"
    path.write_bytes(b"not an archive")
    with pytest.raises(GeneratorFileError):
        load_generator(path)


def test_a_torn_file_is_a_named_error(generator, tmp_path):
    path = tmp_path / "generator.keras"
    save_generator(generator, path)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(GeneratorFileError):
        load_generator(path)


def test_an_archive_without_weights_is_a_named_error(generator, tmp_path):
    path = tmp_path / "generator.keras"
    save_generator(generator, path)
    with zipfile.ZipFile(path) as archive:
        config = archive.read("config.json")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", config)
    with pytest.raises(GeneratorFileError):
        load_generator(path)


def test_a_model_that_makes_no_covers_is_refused(tmp_path):
    path = tmp_path / "generator.keras"
    keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)]).save(path)
    with pytest.raises(GeneratorFileError, match="to square pictures"):
        load_generator(path)


def test_code_hidden_in_a_model_is_not_run(tmp_path):
    path = tmp_path / "generator.keras"
    noise = keras.Input((1, 1, 5))
    keras.Model(noise, keras.layers.Lambda(lambda x: x * 2)(noise)).save(path)
    with pytest.raises(GeneratorFileError, match="unsafe"):
        load_generator(path)
