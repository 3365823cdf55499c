"""What later assets read of a set is what was written for that set, or refused by name."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from PIL import Image

from kpop_assets.defs.covers.cover_tensors import opened_tensors
from kpop_assets.defs.generators.sample_covers import sample_files, sample_picture
from kpop_assets.defs.insight.page.current_records import current_records
from kpop_assets.defs.insight.page.gallery_content import gallery_content
from kpop_assets.defs.training.published_training import publish
from kpop_assets.models.generator_files import save_generator
from kpop_assets.models.networks.dcgan_networks import build_generator
from kpop_assets.models.published import generator_folder, published_generator, training_record
from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import DamagedArtifactError
from kpop_assets_tests.conftest import TINY_TRAINING, Materialize, failure_text, metadata, trained


@pytest.fixture
def store(store_with_samples: Path) -> Store:
    return Store(store_with_samples)


def test_the_generator_of_another_training_is_refused(
    store: Store, materialize_folder: Materialize, tmp_path: Path
) -> None:
    shutil.copytree(trained(store.root), tmp_path / "first")
    other = TINY_TRAINING.model_copy(update={"seed": 5})
    assert materialize_folder("cover_generator", training=other).success
    shutil.copy(tmp_path / "first/generator.keras", trained(store.root) / "generator.keras")
    text = failure_text(materialize_folder("sample_covers"))
    assert "materialize cover_generator [boy] again" in text


def test_weights_are_compared_also_where_an_earlier_version_named_no_files(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "cover_generator/boy/original-32px-000000"
    generator = build_generator(32, 8, 4, seed=1)
    save_generator(generator, folder / "generator.keras")
    weights = b"".join(value.tobytes() for value in generator.get_weights())
    weights_hash = hashlib.sha256(weights).hexdigest()
    record = {
        "sites": "folder",
        "config": {},
        "provenance": {"covers": 6, "best_step": 4, "weights_hash": weights_hash},
        "losses": {"step": [1.0]},
        "evaluations": {},
    }
    (folder / "generator.json").write_text(json.dumps(record))
    assert published_generator(folder)
    save_generator(build_generator(32, 8, 4, seed=9), folder / "generator.keras")
    with pytest.raises(DamagedArtifactError, match="weights are not those"):
        published_generator(folder)
    for lost in record:
        fewer = {name: value for name, value in record.items() if name != lost}
        (folder / "generator.json").write_text(json.dumps(fewer))
        with pytest.raises(DamagedArtifactError, match=f"{lost}: field required"):
            training_record(folder)


def test_what_is_of_another_set_is_refused(store: Store) -> None:
    for asset in ("cover_generator", "sample_covers", "cover_tensors"):
        girl = store.folder(asset, "girl")
        shutil.copytree(store.folder(asset, "boy"), girl, dirs_exist_ok=True)
    with pytest.raises(DamagedArtifactError, match=r"cover_generator \[boy\]"):
        generator_folder(store, "girl")
    with pytest.raises(DamagedArtifactError, match=r"cover_generator \[boy\]"):
        training_record(store.folder("cover_generator", "girl") / trained(store.root).name)
    with pytest.raises(DamagedArtifactError, match=r"sample_covers \[boy\]"):
        sample_files(store, "girl")
    with (
        pytest.raises(DamagedArtifactError, match="of the set boy"),
        opened_tensors(store, "girl"),
    ):
        pass


def test_the_page_leaves_damage_out_and_says_so_and_no_film_is_made_of_other_frames(
    store: Store, materialize_folder: Materialize
) -> None:
    [first, second, *_] = sample_files(store, "boy")
    shutil.copy(first, second)
    frame = trained(store.root) / "frames/000002.png"
    Image.new("RGB", (32, 32)).save(frame)
    (store.folder("generator_quality", "boy")).mkdir(parents=True)
    (store.folder("generator_quality", "boy") / "quality.json").write_text("[]")
    with pytest.raises(DamagedArtifactError, match="another file than its record names"):
        sample_picture(store, "boy", second)
    content = gallery_content(store, ["folder_covers"])
    [boy] = content.sets
    assert len(boy.samples) == len(sample_files(store, "boy")[:64]) - 1
    assert boy.training is None
    said = " ".join(content.left_out)
    for name in (second.name, frame.name, "quality.json"):
        assert name in said
    assert current_records(store, "boy").quality is None
    text = failure_text(materialize_folder("training_gif"))
    assert "materialize cover_generator [boy] again" in text


def test_a_damaged_frame_of_an_unfinished_training_is_left_out(tmp_path: Path) -> None:
    frames, folder = tmp_path / "frames", tmp_path / "trained"
    frames.mkdir()
    for step in (0, 2, 4):
        Image.effect_noise((32, 32), 50).save(frames / f"{step:06d}.png")
    content = bytearray((frames / "000002.png").read_bytes())
    content[len(content) // 2] ^= 1
    (frames / "000002.png").write_bytes(content)
    warnings: list[object] = []
    publish(folder, lambda _: None, frames, {}, "generator.json", "boy", warnings.append)
    published = sorted(path.name for path in (folder / "frames").iterdir())
    assert published == ["000000.png", "000004.png"]
    assert "000002.png is left out of the film" in str(warnings)


def test_a_damaged_base_is_trained_again(store: Store, materialize_folder: Materialize) -> None:
    tiny = TINY_TRAINING.model_dump(mode="json", exclude_none=True)
    config = {
        "ops": {"base_generator": {"config": {**tiny, "sets_below": 8, "train_again": False}}}
    }
    assert materialize_folder("base_generator", run_config=config).success
    once = materialize_folder("base_generator", run_config=config)
    assert "unchanged_since" in metadata(once, "base_generator")
    (trained(store.root, "all", "base_generator") / "networks.npz").write_bytes(b"PK")
    text = failure_text(materialize_folder("cover_generator"))
    assert "materialize base_generator again" in text
    again = materialize_folder("base_generator", run_config=config)
    assert "unchanged_since" not in metadata(again, "base_generator")
    assert materialize_folder("cover_generator").success
