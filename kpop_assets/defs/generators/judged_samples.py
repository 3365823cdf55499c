"""Samples of a trained generator and its training covers, as a network sees both."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kpop_assets.defs.covers.cover_tensors import opened_tensors, tensor_path
from kpop_assets.models.published import generator_folder, published_generator, training_record
from kpop_assets.store.artifacts import Store

if TYPE_CHECKING:
    from kpop_assets.judge.seen_covers import SeenCovers


@dataclass(frozen=True)
class JudgedSamples:
    """Generated covers of a set, and its training covers to compare them with.

    `samples` are uint8 (M, S, S, 3), `features` float32 (M, D) are how MobileNetV2 sees them, which
    no recipe trains with. `hashes` are those of the training covers, in the order of their rows.
    `weights_hash` and `sites` are those of the generator.
    """

    samples: NDArray[np.uint8]
    features: NDArray[np.float32]
    hashes: list[str]
    tensors: Path
    weights_hash: str
    sites: str

    def covers(self, rows: NDArray[np.intp]) -> Iterator[NDArray[np.uint8]]:
        """Yield the training covers of ascending `rows` at the samples' size, some at a time."""
        from kpop_assets.covers.tensors import resized_covers
        from kpop_assets.judge.seen_covers import BATCH

        wanted = set(rows.tolist())
        with self.tensors.open("rb") as file:
            resized = enumerate(resized_covers(file, self.samples.shape[1]))
            chosen = (cover for row, cover in resized if row in wanted)
            while batch := list(islice(chosen, BATCH)):
                yield np.stack(batch)

    def seen(self, rows: NDArray[np.intp]) -> "Iterator[SeenCovers]":
        """Yield how the network sees these covers, some at a time."""
        from kpop_assets.judge.judge import FEATURE_SIZE
        from kpop_assets.judge.seen_covers import seen_covers
        from kpop_assets.pretrained.mobilenet_v2 import pooled_mobilenet_v2

        return seen_covers(pooled_mobilenet_v2(FEATURE_SIZE), self.covers(rows), FEATURE_SIZE)


def judged_samples(
    store: Store, cover_set: str, count: int, seed: int, truncation: float = 1.0
) -> JudgedSamples:
    """Return `count` samples of a set's generator from the noise of `seed`, with its covers.

    Raises MissingArtifactError without a generator or tensors, DamagedArtifactError when they are
    not as they were written, SamplingError and GeneratorFileError.
    """
    from kpop_assets.covers.tensors import hashes_of_tensors
    from kpop_assets.judge.judge import FEATURE_SIZE
    from kpop_assets.models.sampling import sample_covers
    from kpop_assets.pretrained.mobilenet_v2 import pooled_mobilenet_v2
    from kpop_assets.pretrained.pooled_features import pooled_features

    path = tensor_path(store, cover_set)
    with opened_tensors(store, cover_set) as file:
        hashes = hashes_of_tensors(file)
    folder = generator_folder(store, cover_set)
    record = training_record(folder)
    samples = sample_covers(published_generator(folder), count, seed, truncation=truncation)
    features = pooled_features(pooled_mobilenet_v2(FEATURE_SIZE), samples, FEATURE_SIZE)
    weights_hash = record["provenance"]["weights_hash"]
    return JudgedSamples(samples, features, hashes, path, weights_hash, record["sites"])
