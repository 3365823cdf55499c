import pathlib

import numpy as np
import pytest

from kpop_assets.gan.settings import TrainingSettings


@pytest.fixture(scope="session")
def covers() -> np.ndarray:
    return np.random.default_rng(7).integers(0, 256, (10, 32, 32, 3), dtype=np.uint8)


@pytest.fixture(scope="session")
def settings() -> TrainingSettings:
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
def folder(tmp_path: pathlib.Path) -> pathlib.Path:
    return tmp_path / "checkpoints"
