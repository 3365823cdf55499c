"""Sample covers as an asset: the pictures, the film between them and what can be chosen."""

from pathlib import Path

import dagster as dg
import numpy as np
import pytest
from PIL import Image

from kpop_assets.defs.generators.sample_covers import SampleConfig
from kpop_assets_tests.conftest import Materialize, failure_text, metadata

pytestmark = pytest.mark.usefixtures("store_with_samples")


def sampled(**config: float) -> dg.RunConfig:
    return dg.RunConfig(ops={"sample_covers": SampleConfig(**config)})


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_an_endless_film_between_covers_lies_beside_them(
    materialize_folder: Materialize, tmp_path: Path
) -> None:
    result = materialize_folder(
        "sample_covers", run_config=sampled(covers=4, interpolation_frames=9)
    )
    folder = tmp_path / "store/sample_covers/boy"
    film = Image.open(folder / "interpolation.gif")
    assert film.n_frames == 9  # type: ignore[attr-defined]
    assert film.info["loop"] == 0
    durations = set()
    for index in range(9):
        film.seek(index)
        durations.add(film.info["duration"])
    assert len(durations) == 1
    told = metadata(result, "sample_covers")
    assert min(film.size) >= 512
    assert told["interpolation_file"] == str(folder / "interpolation.gif")
    assert told["interpolation_mp4_file"] == str(folder / "interpolation.mp4")
    assert (folder / "interpolation.mp4").read_bytes()[4:8] == b"ftyp"
    assert str(told["interpolation"]).startswith("![boy interpolation](data:image/webp;base64,")
    assert told["truncation"] == 1


def test_without_frames_there_is_no_film(materialize_folder: Materialize, tmp_path: Path) -> None:
    result = materialize_folder(
        "sample_covers", run_config=sampled(covers=4, interpolation_frames=0)
    )
    assert not {"interpolation", "interpolation_file"} & set(metadata(result, "sample_covers"))
    assert set(files(tmp_path / "store/sample_covers/boy")) == {
        *(f"{index:03d}.jpg" for index in range(4)),
        *("sheet.png", "samples.json"),
    }


def test_truncation_makes_the_covers_and_the_film_more_alike(
    materialize_folder: Materialize, tmp_path: Path
) -> None:
    folder = tmp_path / "store/sample_covers/boy"

    def spread() -> tuple[float, float]:
        covers = np.stack(
            [np.asarray(Image.open(folder / f"{k:03d}.jpg"), float) for k in range(8)]
        )
        film = Image.open(folder / "interpolation.gif")
        frames = []
        for index in range(6):
            film.seek(index)
            frames.append(np.asarray(film.convert("RGB"), float))
        return float(covers.std(axis=0).mean()), float(np.std(frames, axis=0).mean())

    assert materialize_folder(
        "sample_covers", run_config=sampled(covers=8, interpolation_frames=6)
    ).success
    covers, film = spread()
    alike = sampled(covers=8, interpolation_frames=6, truncation=0.2)
    assert materialize_folder("sample_covers", run_config=alike).success
    truncated_covers, truncated_film = spread()
    assert truncated_covers < 0.6 * covers
    assert truncated_film < 0.6 * film


@pytest.mark.parametrize("truncation", [0, 1.5, -1])
def test_an_impossible_truncation_is_refused(
    materialize_folder: Materialize, truncation: float
) -> None:
    config = {"ops": {"sample_covers": {"config": {"truncation": truncation}}}}
    assert "truncation" in failure_text(materialize_folder("sample_covers", run_config=config))
