"""The generator on all covers, from which the sets with few covers start."""

import json
import shutil
from pathlib import Path

import dagster as dg
import numpy as np
import pytest

from kpop_assets.defs.generators.base_generator import BaseConfig
from kpop_assets.defs.generators.cover_generator import GeneratorConfig
from kpop_assets.models.published import current_folder
from kpop_assets_tests.conftest import (
    TINY_TRAINING,
    Materialize,
    failure_text,
    materializing,
    metadata,
    trained,
    write_covers,
)

TINY = {**TINY_TRAINING.model_dump(mode="json", exclude_none=True), "train_again": False}
BASE = BaseConfig(**TINY, sets_below=5)
BOTH = ("base_generator", "cover_generator")

pytestmark = pytest.mark.usefixtures("store_with_tensors")


def config(base: BaseConfig = BASE, **generator: object) -> dg.RunConfig:
    return dg.RunConfig(
        ops={
            "base_generator": base,
            "cover_generator": GeneratorConfig(**{**TINY, **generator}),
        }
    )


@pytest.fixture(scope="module")
def store_of_girl(stores: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store where the set girl was trained from a base."""
    folder = tmp_path_factory.mktemp("girl")
    store = shutil.copytree(stores["tensors"], folder / "store")
    with dg.DagsterInstance.ephemeral() as instance:
        materialize = materializing(write_covers(folder / "covers"), store, instance)
        assert materialize(*BOTH, cover_set="girl", run_config=config()).success
    return store


@pytest.fixture
def store_with_base(store_of_girl: Path, store_with_tensors: Path) -> Path:
    return shutil.copytree(store_of_girl, store_with_tensors, dirs_exist_ok=True)


@pytest.fixture
def record(tmp_path: Path):
    def read(folder: str) -> dict:
        return json.loads(
            (current_folder(tmp_path / "store" / folder) / "generator.json").read_text()
        )

    return read


def test_a_set_with_few_covers_starts_from_all_covers(
    materialize_folder: Materialize, record, tmp_path: Path
) -> None:
    result = materialize_folder(*BOTH, cover_set="girl", run_config=config())
    assert result.success
    assert metadata(result, "base_generator")["covers"] == 13
    assert metadata(result, "cover_generator")["started_from"] == "base_generator"
    tuned = record("cover_generator/girl")
    assert tuned["provenance"]["covers"] == 3
    assert len(tuned["provenance"]["started_from"]) == 64
    alone = materialize_folder(
        "cover_generator",
        cover_set="girl",
        run_config={"ops": {"cover_generator": {"config": {**TINY, "from_base": False}}}},
    )
    assert metadata(alone, "cover_generator")["started_from"] == "nothing"
    assert record("cover_generator/girl")["provenance"]["started_from"] is None
    assert record("cover_generator/girl")["losses"] != tuned["losses"]
    assert not (tmp_path / "store/checkpoints/base").exists()


def why_no_base(result: dg.ExecuteInProcessResult) -> object:
    """Return what was observed of the base in a run that reported none."""
    assert not result.asset_materializations_for_node("base_generator")
    [observed] = result.asset_observations_for_node("base_generator")
    return observed.metadata["not_trained"].value


def test_a_set_with_covers_enough_neither_trains_nor_takes_the_base(
    materialize_folder: Materialize, tmp_path: Path
) -> None:
    result = materialize_folder(*BOTH, cover_set="boy", run_config=config())
    assert why_no_base(result) == "boy has 6 covers, 5 or more"
    assert metadata(result, "cover_generator")["started_from"] == "nothing"
    assert not (tmp_path / "store/base_generator").exists()
    assert materialize_folder(
        "base_generator",
        run_config={
            "ops": {"base_generator": {"config": BASE.model_dump(mode="json", exclude_none=True)}}
        },
    ).success
    again = materialize_folder(*BOTH, cover_set="boy", run_config=config())
    assert metadata(again, "cover_generator")["started_from"] == "nothing"


@pytest.mark.usefixtures("store_with_base")
def test_it_is_trained_once_for_a_config_and_its_covers(
    materialize_folder: Materialize, tmp_path: Path
) -> None:
    networks = trained(tmp_path / "store", "all", "base_generator") / "networks.npz"
    before = networks.stat().st_mtime_ns
    told_more = BaseConfig(**{**TINY, "log_every": 2, "frame_every": 1}, sets_below=5)
    again = materialize_folder(*BOTH, cover_set="girl", run_config=config(told_more))
    assert "unchanged_since" in metadata(again, "base_generator")
    assert networks.stat().st_mtime_ns == before
    other = BaseConfig(**{**TINY, "seed": 1}, sets_below=5)
    changed = materialize_folder(*BOTH, cover_set="girl", run_config=config(other))
    assert metadata(changed, "base_generator")["covers"] == 13
    assert trained(tmp_path / "store", "all", "base_generator") != networks.parent
    back = materialize_folder(*BOTH, cover_set="girl", run_config=config())
    assert "unchanged_since" in metadata(back, "base_generator")
    assert "unchanged_since" in metadata(back, "cover_generator")


@pytest.mark.usefixtures("store_with_base")
def test_a_base_that_is_there_serves_the_sets_that_its_config_says_now(
    materialize_folder: Materialize, tmp_path: Path
) -> None:
    networks = trained(tmp_path / "store", "all", "base_generator") / "networks.npz"
    before = networks.read_bytes()
    more = config(BaseConfig(**TINY, sets_below=7))
    result = materialize_folder(*BOTH, cover_set="boy", run_config=more)
    assert metadata(result, "cover_generator")["started_from"] == "base_generator"
    none = config(BaseConfig(**TINY, sets_below=0))
    result = materialize_folder(*BOTH, cover_set="girl", run_config=none)
    assert metadata(result, "cover_generator")["started_from"] == "nothing"
    assert networks.read_bytes() == before


def test_too_few_covers_in_all_make_no_base(materialize_folder: Materialize) -> None:
    base = BaseConfig(**TINY, sets_below=14)
    result = materialize_folder(*BOTH, cover_set="girl", run_config=config(base))
    assert why_no_base(result) == "all sets together have 13 covers, fewer than 14"
    assert metadata(result, "cover_generator")["started_from"] == "nothing"


def test_a_base_of_another_size_is_left_alone_with_a_warning(
    materialize_folder: Materialize, instance: dg.DagsterInstance
) -> None:
    result = materialize_folder(*BOTH, cover_set="girl", run_config=config(width=5))
    assert metadata(result, "cover_generator")["started_from"] == "nothing"
    messages = [entry.user_message for entry in instance.all_logs(result.run_id)]
    assert any("base_generator has width 4, not 5" in line for line in messages)


@pytest.mark.usefixtures("store_with_base")
def test_a_damaged_base_is_named(materialize_folder: Materialize, tmp_path: Path) -> None:
    networks = trained(tmp_path / "store", "all", "base_generator") / "networks.npz"
    networks.write_bytes(networks.read_bytes()[:-100])
    text = failure_text(materialize_folder("cover_generator", cover_set="girl"))
    assert "networks.npz as it was written, but it is damaged" in text
    assert "materialize base_generator again" in text


def test_a_training_begins_with_the_networks_it_is_given(tmp_path: Path) -> None:
    from kpop_assets.models.training import train
    from kpop_assets.training.errors import NetworksFileError
    from kpop_assets.training.host import TrainingHost
    from kpop_assets.training.trained_networks import read_networks, write_networks

    covers = np.random.default_rng(0).integers(0, 256, (5, 32, 32, 3), dtype=np.uint8)
    frames: list[np.ndarray] = []
    host = TrainingHost(on_frame=lambda _step, grid: frames.append(grid))
    first = train(covers, TINY_TRAINING, tmp_path / "first", "a", host)
    write_networks(tmp_path / "networks.npz", first.networks)
    start = read_networks(tmp_path / "networks.npz")
    train(covers, TINY_TRAINING, tmp_path / "second", "a", host, start=start)
    last_of_first, first_of_second = frames[2], frames[3]
    np.testing.assert_array_equal(first_of_second, last_of_first)
    wider = TINY_TRAINING.model_copy(update={"width": 8})
    with pytest.raises(NetworksFileError, match="same recipe, image_size, noise_size and width"):
        train(covers, wider, tmp_path / "third", "a", host, start=start)
