"""Samples of a trained generator beside its training covers, as a network sees both."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpop_assets.assets.generator import generator_folder
from kpop_assets.assets.tensors import tensor_path
from kpop_assets.assets.training_run import MODEL_FILE, training_record
from kpop_assets.store import MissingArtifactError, Store

MOST_COVERS = 2000
"""Training covers that samples are compared with; of a larger set, so many are spread over it."""


@dataclass(frozen=True)
class JudgedSamples:
    """Pictures, uint8 (N, S, S, 3) at the generator's size, and their features, float32 (N, D).

    `hashes` are those of the covers; the features are MobileNetV2's, which no recipe trains with.
    """

    samples: NDArray[np.uint8]
    sample_features: NDArray[np.float32]
    covers: NDArray[np.uint8]
    cover_features: NDArray[np.float32]
    mirrored_features: NDArray[np.float32]
    hashes: list[str]


def judged_samples(
    store: Store, cover_set: str, count: int, seed: int, truncation: float = 1.0
) -> JudgedSamples:
    """Return `count` samples of a set's generator from the noise of `seed`, with its covers.

    Raises MissingArtifactError without a generator or tensors, and the errors of gan/.
    """
    from kpop_assets.gan.files import load_generator
    from kpop_assets.gan.judge import FEATURE_SIZE
    from kpop_assets.gan.pretrained.mobilenet_v2 import pooled_mobilenet_v2
    from kpop_assets.gan.pretrained.pooled_features import pooled_features
    from kpop_assets.gan.sampling import sample_covers

    folder = generator_folder(store, cover_set)
    size = int(training_record(folder)["config"]["image_size"])
    hashes, covers = _covers(store, cover_set, size)
    samples = sample_covers(load_generator(folder / MODEL_FILE), count, seed, truncation=truncation)
    network = pooled_mobilenet_v2(FEATURE_SIZE)
    features = [
        pooled_features(network, pictures, FEATURE_SIZE)
        for pictures in (samples, covers, covers[:, :, ::-1])
    ]
    return JudgedSamples(samples, features[0], covers, features[1], features[2], hashes)


def _covers(store: Store, cover_set: str, size: int) -> tuple[list[str], NDArray[np.uint8]]:
    """Return the training covers of a set at `size` pixels, with their hashes."""
    from kpop_assets.covers.tensors import hashes_of_tensors, read_resized

    path = tensor_path(store, cover_set)
    if not path.exists():
        raise MissingArtifactError(path, f"cover_tensors [{cover_set}]")
    with path.open("rb") as file:
        hashes = hashes_of_tensors(file)
        covers = read_resized(file, size)
    chosen = np.unique(np.linspace(0, len(covers) - 1, MOST_COVERS).round().astype(np.intp))
    return [hashes[index] for index in chosen], covers[chosen]
