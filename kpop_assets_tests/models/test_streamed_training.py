import numpy as np
import pytest

from kpop_assets.covers.tensors import write_cover_tensors
from kpop_assets.models.cover_source import CoverSource, InMemoryCovers, StreamedCovers
from kpop_assets.models.drifting import cover_features
from kpop_assets.models.settings import TrainingSettings
from kpop_assets.models.training import train
from kpop_assets.models.training_covers import training_covers
from kpop_assets.training.host import TrainingHost

pytestmark = pytest.mark.slow

COUNT = 7


@pytest.fixture(scope="module")
def sources(tmp_path_factory) -> dict[type, CoverSource]:
    """The same covers in memory and streamed."""
    folder = tmp_path_factory.mktemp("covers")
    random = np.random.default_rng(5)
    pictures = (
        (f"{i:064x}", random.integers(0, 256, (64, 64, 3), dtype=np.uint8)) for i in range(COUNT)
    )
    with (folder / "covers.parquet").open("wb") as file:
        write_cover_tensors(pictures, file, 64, "sample")
    both = [training_covers(folder / "covers.parquet", 32, limit, folder) for limit in (1, 0)]
    return {type(source): source for source in both}


@pytest.mark.parametrize(
    ("recipe", "batch_size"),
    [
        *(("original", 4), ("original", 3 * COUNT)),
        *(("dcgan", 4), ("dcgan", 3 * COUNT)),
        ("drifting", 4),  # it draws as many covers whatever the batch
    ],
)
def test_a_run_ends_with_the_same_weights_whether_its_covers_are_held_or_streamed(
    sources, tmp_path, monkeypatch, recipe, batch_size
):
    monkeypatch.setattr(cover_features, "BANK_MEGABYTES", 0)
    settings = TrainingSettings(
        recipe=recipe, steps=6, image_size=32, batch_size=batch_size, noise_size=5, width=4
    )
    held, streamed = (
        train(source, settings, tmp_path / kind.__name__, source.fingerprint, TrainingHost())
        for kind, source in sources.items()
    )
    assert list(sources) == [InMemoryCovers, StreamedCovers]
    for one, other in zip(
        held.generator.get_weights(), streamed.generator.get_weights(), strict=True
    ):
        np.testing.assert_array_equal(one, other)
    assert held.losses.equals(streamed.losses)


def test_a_run_begun_with_covers_in_memory_goes_on_with_streamed_ones(sources, tmp_path):
    settings = TrainingSettings(
        recipe="dcgan", steps=4, image_size=32, batch_size=4, noise_size=5, width=4
    )
    longer = settings.model_copy(update={"steps": 6})
    held, streamed = sources.values()
    unbroken = train(held, longer, tmp_path / "unbroken", held.fingerprint, TrainingHost())
    train(held, settings, tmp_path / "broken", held.fingerprint, TrainingHost())
    resumed = train(streamed, longer, tmp_path / "broken", streamed.fingerprint, TrainingHost())
    assert resumed.first_step == 4
    for one, other in zip(
        unbroken.generator.get_weights(), resumed.generator.get_weights(), strict=True
    ):
        np.testing.assert_array_equal(one, other)
