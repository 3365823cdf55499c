"""Scores of the quality benchmark: samples against real covers, on two networks."""

import dataclasses

import numpy as np
from numpy.typing import NDArray
from quality_covers import Pictures

from kpop_assets.gan.copies import CopyDetector
from kpop_assets.gan.judge import FEATURE_SIZE
from kpop_assets.gan.pretrained.efficientnet_lite0 import pooled_efficientnet_lite0
from kpop_assets.gan.pretrained.mobilenet_v2 import pooled_mobilenet_v2
from kpop_assets.gan.pretrained.pooled_features import pooled_features
from kpop_assets.gan.quality import RealFeatures

SAMPLES = 480


@dataclasses.dataclass(frozen=True)
class Scores:
    """Measures of kpop_assets.gan.quality; ef on EfficientNet-Lite0, all others on MobileNetV2."""

    kid_ef: float
    kid_mb: float
    coverage_ef: float
    coverage_mb: float
    used_mb: float
    copies: float
    nearest_ratio_mb: float
    diversity_mb: float


class Scorer:
    """Scores samples against the real covers of one set, uint8 (N, S, S, 3)."""

    def __init__(self, covers: Pictures) -> None:
        self._ef = pooled_efficientnet_lite0(FEATURE_SIZE)
        self._mb = pooled_mobilenet_v2(FEATURE_SIZE)
        features = self._features_mb(covers)
        self._detector = CopyDetector(covers, features, self._features_mb(covers[:, :, ::-1]))
        self._real_mb = RealFeatures(features)
        self._real_ef = RealFeatures(pooled_features(self._ef, covers, FEATURE_SIZE))

    def scores(self, samples: Pictures) -> Scores:
        """Return the scores of samples, uint8 (M, S, S, 3)."""
        ef, mb = pooled_features(self._ef, samples, FEATURE_SIZE), self._features_mb(samples)
        quality = self._real_mb.quality(mb, self._detector.copied(samples, mb))
        return Scores(
            kid_ef=self._real_ef.kid(ef),
            kid_mb=quality.kid,
            coverage_ef=self._real_ef.coverage(ef),
            coverage_mb=quality.coverage,
            used_mb=quality.used,
            copies=quality.copies,
            nearest_ratio_mb=quality.nearest_ratio,
            diversity_mb=quality.diversity,
        )

    def _features_mb(self, pictures: Pictures) -> NDArray[np.float32]:
        return pooled_features(self._mb, pictures, FEATURE_SIZE)
