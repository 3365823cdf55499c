"""What one does from a notebook."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import kpop_assets as kpop
from kpop_assets.covers.sets import UnknownCoverSetError
from kpop_assets.front_door import FilmFormatError, PicturesError, square_pictures
from kpop_assets.models.published import UnknownGeneratorError
from kpop_assets.project import PROJECT_FOLDER
from kpop_assets.store.errors import MissingArtifactError
from kpop_assets_tests.conftest import drawn_cover
from kpop_assets_tests.untrained import (
    publish_untrained,
    publish_untrained_conditional,
    publish_untrained_songs,
)


def test_importing_the_package_loads_nothing() -> None:
    script = "import sys, kpop_assets\nsys.exit(len([m for m in sys.modules if 'numpy' in m]))"
    subprocess.run([sys.executable, "-c", script], check=True)
    assert set(kpop.__all__) <= {name for name in kpop.__all__ if hasattr(kpop, name)}


def test_a_generator_of_the_store_draws_the_same_covers_for_a_seed(published: Path) -> None:
    generator = kpop.load("girl", store=published)
    some, more = generator.draw(2, seed=3), generator.draw(5, seed=3)
    assert [(one.seed, one.index) for one in more] == [(3, index) for index in range(5)]
    for one, other in zip(some, more, strict=False):
        np.testing.assert_array_equal(one.pixels, other.pixels)
    named = kpop.load("girl", "original-32px-000000", store=published)
    np.testing.assert_array_equal(named.draw(1, seed=3)[0].pixels, some[0].pixels)
    [large] = generator.draw(1, seed=3, size=512)
    assert large.picture.size == (512, 512)


def test_a_generator_is_saved_and_loaded_from_a_file(published: Path, tmp_path: Path) -> None:
    generator = kpop.load(published / "cover_generator" / "girl")
    again = kpop.load(generator.save(tmp_path / "mine.keras"))
    np.testing.assert_array_equal(generator.draw(1)[0].pixels, again.draw(1)[0].pixels)


def test_what_is_no_generator_is_named(published: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownCoverSetError, match="one of boy, girl, popular, general"):
        kpop.load("girls", store=published)
    with pytest.raises(UnknownGeneratorError, match="choose one of original-32px-000000"):
        kpop.load("girl", "dcgan-32px-000000", store=published)
    with pytest.raises(MissingArtifactError, match="materialize cover_generator"):
        kpop.load("boy", store=published)
    with pytest.raises(FilmFormatError, match=r"\.mp4, \.gif, \.webp, got film\.avi"):
        kpop.load("girl", store=published).film(tmp_path / "film.avi")


def test_training_on_a_folder_and_measuring_against_it(tmp_path: Path) -> None:
    for seed in range(6):
        drawn_cover(seed).save(tmp_path / f"{seed}.png")
    (tmp_path / "notes.txt").write_text("no picture")
    sizes = {"image_size": 32, "width": 4, "noise_size": 8, "batch_size": 4}
    generator = kpop.train(tmp_path, recipe="dcgan", steps=2, evaluation_samples=8, **sizes)
    samples = np.stack([one.pixels for one in generator.draw(8)])
    assert samples.shape == (8, 32, 32, 3)
    measured = kpop.measure(samples, tmp_path, size=32)
    itself = kpop.measure(tmp_path, tmp_path, size=32)
    assert measured["kid"] > itself["kid"]
    assert itself["copies"] == 1.0


def test_a_training_goes_on_from_checkpoints_of_the_same_pictures_alone(tmp_path: Path) -> None:
    settings = {"image_size": 32, "width": 4, "noise_size": 8, "batch_size": 4, "evaluate_every": 0}
    one, other = ([drawn_cover(seed) for seed in seeds] for seeds in (range(3), range(5, 8)))

    def trained(pictures: object, steps: int, folder: str) -> np.ndarray:
        made = kpop.train(pictures, "dcgan", steps, tmp_path / folder, **settings)
        return made.draw(1)[0].pixels

    trained(one, 1, "kept")
    np.testing.assert_array_equal(trained(one, 2, "kept"), trained(one, 2, "at once"))
    np.testing.assert_array_equal(trained(other, 2, "kept"), trained(other, 2, "others at once"))


def test_pictures_come_as_arrays_as_pictures_or_as_a_folder(tmp_path: Path) -> None:
    pictures = [drawn_cover(seed, (40, 30)) for seed in range(3)]
    squares = square_pictures(pictures, 16)
    assert squares.shape == (3, 16, 16, 3)
    np.testing.assert_array_equal(square_pictures(squares, 16), squares)
    with pytest.raises(PicturesError, match="at least one picture"):
        square_pictures(tmp_path, 16)
    with pytest.raises(PicturesError, match="there is none at"):
        square_pictures(tmp_path / "nowhere", 16)


def test_the_notebook_section_of_the_readme_runs(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readme = (PROJECT_FOLDER / "README.md").read_text(encoding="utf-8")
    [cell] = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    faster = 'recipe="dcgan", steps=1, image_size=32, batch_size=2, evaluate_every=0'
    assert "steps=800, image_size=64" in cell
    monkeypatch.chdir(tmp_path)
    store = shutil.copytree(published, tmp_path / "store")
    publish_untrained(store, "dcgan-32px-000000", seed=0, cover_set="popular")
    publish_untrained_songs(store)
    publish_untrained_conditional(store)
    monkeypatch.setenv("KPOP_STORE", str(store))
    (tmp_path / "my_pictures").mkdir()
    for seed in range(3):
        drawn_cover(seed).save(tmp_path / "my_pictures" / f"{seed}.png")
    exec(cell.replace("steps=800, image_size=64", faster).replace("480", "8"), {})
    assert {"first.png", "walk.gif", "years.gif", "mine.keras", "song.mid"} <= {
        path.name for path in tmp_path.iterdir()
    }
