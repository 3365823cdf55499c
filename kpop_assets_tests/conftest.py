"""Shared by all tests: lineages on a temporary store, and folders of drawn covers."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import hypothesis
import numpy as np
import pytest
from PIL import Image

from kpop_assets.definitions import definitions
from kpop_assets.defs.generators.sample_covers import SampleConfig
from kpop_assets.defs.generators.training_config import TrainingConfig
from kpop_assets.models.published import current_folder
from kpop_assets.models.settings import TrainingSettings
from kpop_assets.project import PROJECT_FOLDER
from kpop_assets.sample_world.server import SampleSite
from kpop_assets.settings import Settings
from kpop_assets.sites.http.session import SiteSession
from kpop_assets_tests.untrained import publish_untrained

hypothesis.settings.register_profile("kpop_assets", deadline=None)
hypothesis.settings.register_profile(
    "long",
    max_examples=2_000,
    database=None,
    deadline=None,
    suppress_health_check=list(hypothesis.HealthCheck),
)
hypothesis.settings.load_profile("kpop_assets")

REFERENCE_FOLDER = PROJECT_FOLDER / "data" / "reference"

TINY_TRAINING = TrainingConfig(
    recipe="original",
    steps=4,
    image_size=32,
    width=4,
    noise_size=8,
    batch_size=4,
    frame_every=2,
    checkpoint_every=2,
    log_every=1,
    observe_every=2,
    evaluate_every=0,
    train_again=True,
)
SHORT_FILM = SampleConfig(interpolation_frames=4)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files of the most slow tests, for the workers to end at the same time."""
    slow = Counter(item.path for item in items if item.get_closest_marker("slow"))
    items.sort(key=lambda item: -slow[item.path])


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as temporary:
        yield temporary


def drawn_cover(seed: int, size: tuple[int, int] = (60, 60)) -> Image.Image:
    """A picture of its own for every seed, far from the others in perceptual hash."""
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 6, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)


@pytest.fixture
def covers_folder(tmp_path: Path) -> Path:
    """Six boy covers, three girl covers and four general ones with their covers.csv."""
    return write_covers(tmp_path / "covers")


def write_covers(folder: Path) -> Path:
    folder.mkdir()
    lines = ["file,artist_type"]
    for seed, artist_type in enumerate(["boy"] * 6 + ["girl"] * 3 + [""] * 4):
        drawn_cover(seed).save(folder / f"{seed}.png")
        lines.append(f"{seed}.png,{artist_type}")
    (folder / "covers.csv").write_text("\n".join(lines), encoding="utf-8")
    return folder


UNPARTITIONED = {
    *("folder_covers", "cover_catalog", "base_generator", "cover_set_contrast", "gallery_page"),
    *("conditional_generator", "conditional_samples", "conditional_quality"),
}
UP_TO_TRAINING = (
    *("folder_covers", "cover_catalog", "cover_tensors", "base_generator"),
    *("cover_generator", "training_gif", "sample_covers"),
)
Materialize = Callable[..., dg.ExecuteInProcessResult]


@pytest.fixture
def materialize_folder(
    tmp_path: Path, covers_folder: Path, instance: dg.DagsterInstance
) -> Materialize:
    """Materializes assets of the lineage from `covers_folder`, with a tiny training.

    Those up to it unless told which.
    """
    return materializing(covers_folder, tmp_path / "store", instance)


def materializing(covers: Path, store: Path, instance: dg.DagsterInstance) -> Materialize:
    lineage = definitions(Settings(sites="sample", covers_dir=covers, store=store))

    def materialize(
        *selection: str,
        cover_set: str = "boy",
        training: TrainingConfig = TINY_TRAINING,
        run_config: dict[str, object] | None = None,
    ) -> dg.ExecuteInProcessResult:
        chosen = selection or UP_TO_TRAINING
        ops = {"cover_generator": training, "sample_covers": SHORT_FILM}
        return dg.materialize(
            list(lineage.assets or []),
            selection=chosen,
            partition_key=None if UNPARTITIONED.issuperset(chosen) else cover_set,
            resources=lineage.resources,
            instance=instance,
            run_config=run_config
            or dg.RunConfig(ops={name: ops[name] for name in ops if name in chosen}),
            raise_on_error=False,
        )

    return materialize


@pytest.fixture(scope="session")
def stores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A store with the tensors of the sets boy and girl, and one with film and samples of boy."""
    folder = tmp_path_factory.mktemp("stores")
    tensors, samples = folder / "tensors", folder / "samples"
    covers = write_covers(folder / "covers")
    with dg.DagsterInstance.ephemeral() as instance:
        materialize = materializing(covers, tensors, instance)
        assert materialize("folder_covers", "cover_catalog", "cover_tensors").success
        assert materialize("cover_tensors", cover_set="girl").success
        shutil.copytree(tensors, samples)
        materialize = materializing(covers, samples, instance)
        assert materialize("cover_generator", "training_gif", "sample_covers").success
    return {"tensors": tensors, "samples": samples}


@pytest.fixture
def store_with_tensors(stores: dict[str, Path], tmp_path: Path) -> Path:
    """The store of `materialize_folder` after the tensors of the sets boy and girl."""
    return shutil.copytree(stores["tensors"], tmp_path / "store")


@pytest.fixture
def store_with_samples(stores: dict[str, Path], tmp_path: Path) -> Path:
    """The store of `materialize_folder` after the generator, film and samples of the set boy."""
    return shutil.copytree(stores["samples"], tmp_path / "store")


def failure_text(result: dg.ExecuteInProcessResult) -> str:
    assert not result.success
    failed = [event for event in result.all_events if event.is_step_failure]
    error = failed[0].step_failure_data.error
    assert error is not None
    return (error.cause or error).to_string()


def metadata(result: dg.ExecuteInProcessResult, asset: str) -> dict[str, object]:
    [event] = result.asset_materializations_for_node(asset)
    return {name: value.value for name, value in event.metadata.items()}


@pytest.fixture(scope="session")
def covers() -> np.ndarray:
    """Ten covers of noise, 32 pixels, to train with."""
    return np.random.default_rng(7).integers(0, 256, (10, 32, 32, 3), dtype=np.uint8)


@pytest.fixture(scope="session")
def settings() -> TrainingSettings:
    """Settings of a training of a second."""
    return TrainingSettings(
        recipe="original",
        steps=8,
        image_size=32,
        batch_size=4,
        noise_size=5,
        width=4,
        frame_every=4,
        checkpoint_every=4,
        log_every=3,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a training keeps its checkpoints."""
    return tmp_path / "checkpoints"


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with an untrained generator of 32 pixels as that of the set girl."""
    store = tmp_path_factory.mktemp("published")
    publish_untrained(store, "original-32px-000000", seed=0)
    return store


def trained(store: Path, cover_set: str = "boy", asset: str = "cover_generator") -> Path:
    """Return the folder of the current generator of a set."""
    return current_folder(store / asset / cover_set)


@pytest.fixture(scope="session")
def reference_folder() -> Path:
    return REFERENCE_FOLDER


@pytest.fixture(scope="session")
def site() -> Iterator[SampleSite]:
    with SampleSite(REFERENCE_FOLDER) as running:
        yield running


@pytest.fixture
def session(site: SampleSite) -> SiteSession:
    return SiteSession.sample(site.address)
