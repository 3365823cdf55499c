"""The judge of a training: says how good the generator is by now."""

import keras
import numpy as np
from numpy.typing import NDArray

from kpop_assets.judge.copies import CopyDetector
from kpop_assets.judge.quality import Evaluation, RealFeatures
from kpop_assets.judge.seen_covers import BATCH, all_seen, seen_covers
from kpop_assets.judge.texture import MOST_COVERS as MOST_TEXTURE_COVERS
from kpop_assets.judge.texture import RealTexture
from kpop_assets.models.cover_source import CoverSource, as_cover_source
from kpop_assets.models.sampling import sample_covers
from kpop_assets.pretrained.mobilenet_v2 import pooled_mobilenet_v2
from kpop_assets.pretrained.pooled_features import pooled_features

MOST_COVERS = 2000
"""Real covers that samples are compared with; of a larger set, so many are spread over it."""
SAMPLES = 480
FEATURE_SIZE = 160
"""Side in pixels at which the network looks at pictures."""


class CoverJudge:
    """Scores generators by samples from fixed noise, on features of MobileNetV2 and their texture.

    No recipe's discriminator looks through that network. The same judge gives the same generator
    the same score on the same machine.
    """

    def __init__(
        self, covers: CoverSource | NDArray[np.uint8], samples: int = SAMPLES, seed: int = 0
    ) -> None:
        """Take the real covers, uint8 (N, S, S, 3) with N of 2 or more, S a multiple of 16.

        `samples`, 2 or more, are made for each evaluation from the noise of `seed`.
        Raises QualityError, CoversShapeError, WeightsMissingError and WeightsFileError.
        """
        self.samples = samples
        self.seed = seed
        self._network = pooled_mobilenet_v2(FEATURE_SIZE)
        source = as_cover_source(covers)
        batches = source.batches(MOST_COVERS, BATCH)
        seen = all_seen(seen_covers(self._network, batches, FEATURE_SIZE))
        self._real = RealFeatures(seen.features)
        self._detector = CopyDetector(seen.straight, seen.mirrored)
        self._texture = RealTexture(source.sample(MOST_TEXTURE_COVERS))

    def __call__(self, sampler: keras.Model) -> Evaluation:
        """Return the evaluation of a generator; raises QualityError for fewer than two samples."""
        return self.evaluation(sample_covers(sampler, self.samples, self.seed))

    def evaluation(self, samples: NDArray[np.uint8]) -> Evaluation:
        """Return the evaluation of generated covers, uint8 (M, S, S, 3)."""
        features = pooled_features(self._network, samples, FEATURE_SIZE)
        copied = self._detector.copied(samples, features)
        return Evaluation(self._real.quality(features, copied), self._texture.texture(samples))
