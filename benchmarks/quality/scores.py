"""Scores of the quality benchmark: samples against real covers, on two networks."""

import dataclasses

from benchmarks.quality.pictures import Pictures
from kpop_assets.judge.copies import CopyDetector
from kpop_assets.judge.judge import FEATURE_SIZE
from kpop_assets.judge.quality import Evaluation, Quality, RealFeatures
from kpop_assets.judge.seen_covers import BATCH, all_seen, seen_covers
from kpop_assets.judge.texture import RealTexture, Texture
from kpop_assets.models.cover_source import as_cover_source
from kpop_assets.pretrained.efficientnet_lite0 import pooled_efficientnet_lite0
from kpop_assets.pretrained.mobilenet_v2 import pooled_mobilenet_v2
from kpop_assets.pretrained.pooled_features import pooled_features

SAMPLES = 480


@dataclasses.dataclass(frozen=True)
class Scores:
    """Measures of judge/quality.py; ef on EfficientNet-Lite0, all others on MobileNetV2."""

    kid_ef: float
    kid_mb: float
    coverage_ef: float
    coverage_mb: float
    used_mb: float
    copies: float
    nearest_ratio_mb: float
    diversity_mb: float
    swd_levels: dict[int, float]
    fineness: float
    peak: float
    repeats: float

    def evaluation(self) -> Evaluation:
        """Return what the best generator is chosen by."""
        return Evaluation(
            Quality(
                kid=self.kid_mb,
                coverage=self.coverage_mb,
                used=self.used_mb,
                copies=self.copies,
                nearest_ratio=self.nearest_ratio_mb,
                diversity=self.diversity_mb,
            ),
            Texture(self.swd_levels, self.fineness, self.peak, self.repeats),
        )


class Scorer:
    """Scores samples against the real covers of one set, uint8 (N, S, S, 3)."""

    def __init__(self, covers: Pictures) -> None:
        self._ef = pooled_efficientnet_lite0(FEATURE_SIZE)
        self._mb = pooled_mobilenet_v2(FEATURE_SIZE)
        batches = as_cover_source(covers).batches(len(covers), BATCH)
        seen = all_seen(seen_covers(self._mb, batches, FEATURE_SIZE))
        self._detector = CopyDetector(seen.straight, seen.mirrored)
        self._real_mb = RealFeatures(seen.features)
        self._texture = RealTexture(covers)
        self._real_ef = RealFeatures(pooled_features(self._ef, covers, FEATURE_SIZE))

    def scores(self, samples: Pictures) -> Scores:
        """Return the scores of samples, uint8 (M, S, S, 3)."""
        ef, mb = (pooled_features(one, samples, FEATURE_SIZE) for one in (self._ef, self._mb))
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
            **vars(self._texture.texture(samples)),
        )
