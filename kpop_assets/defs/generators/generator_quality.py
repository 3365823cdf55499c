"""How good the generator of each cover set is."""

from pathlib import Path
from typing import Any, NotRequired

import dagster as dg
from pydantic import ConfigDict, Field
from typing_extensions import TypedDict

from kpop_assets.covers.showing.markdown import picture_markdown
from kpop_assets.defs.automation import WHEN_CONTENT_CHANGED
from kpop_assets.defs.generators.generated_checks import (
    GENERATOR_IS_VARIED,
    KID_IS_NOT_WORSE,
    kid_beside_before,
    varied_generator,
)
from kpop_assets.defs.generators.judged_samples import judged_samples
from kpop_assets.defs.measured_numbers import number_or_null, shown_number
from kpop_assets.defs.partitions import COVER_SET_PARTITIONS
from kpop_assets.defs.resources import StoreResource
from kpop_assets.defs.reuse.unchanged import Inputs, unless_unchanged
from kpop_assets.models.published import generator_folder, training_record
from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import DamagedArtifactError, MissingArtifactError
from kpop_assets.store.files import atomic_file
from kpop_assets.store.records import read_record, record_bytes

JUDGING_NOISE = 2**31
"""Added to the seed: no training chooses its best generator by noise of such a seed."""


class QualityConfig(dg.Config):
    """How many samples a generator is judged by."""

    samples: int = Field(
        480,
        ge=2,
        le=5000,
        description="Covers generated for the judgement. Coverage and the like depend on it: "
        "compare equal numbers.",
    )
    seed: int = Field(
        0,
        ge=0,
        lt=2**31,
        description="Seed of their noise vectors, which are none that a training chose its best "
        "generator by.",
    )


class QualityRecord(TypedDict):
    """How good a set's generator is; None is not measurable. The fields that are read back."""

    __pydantic_config__ = ConfigDict(extra="allow")  # type: ignore[misc]
    kid: float | None
    kid_spread: float | None
    coverage: float | None
    density: float | None
    used: float | None
    copies: float | None
    diversity: float | None
    told_apart: NotRequired[float | None]
    swd: NotRequired[float | None]
    fineness: NotRequired[float | None]
    peak: NotRequired[float | None]
    repeats: NotRequired[float | None]
    samples: int
    weights_hash: str


def _measures(_given: Inputs) -> list[str]:
    """Return the names of the measures."""
    from kpop_assets.insight.sample_measures import MEASURES

    return [measure.name for measure in MEASURES]


@dg.asset(
    group_name="insight",
    kinds={"tensorflow"},
    code_version="2",
    partitions_def=COVER_SET_PARTITIONS,
    deps=["cover_tensors", "cover_generator"],
    check_specs=[GENERATOR_IS_VARIED, KID_IS_NOT_WORSE],
    automation_condition=WHEN_CONTENT_CHANGED,
)
@unless_unchanged(_measures)
def generator_quality(
    context: dg.AssetExecutionContext, config: QualityConfig, store: StoreResource
) -> dg.MaterializeResult:
    """How near the generated covers of a set come to its real ones, and how varied they are.

    On features of MobileNetV2, which no recipe trains with: KID (unbiased, × 1000, with its
    standard error), coverage and density (k = 5), share of covers used, copies, diversity, against
    up to 2,000 covers, and how well a classifier tells samples from covers it has not seen
    (`told_apart`, a cross-validated AUC: 0.5 is ideal). Of their texture: sliced Wasserstein
    distance, fineness and periodic peak (judge/texture.py). From other noise than the one that
    chose the best generator. `curve` is KID along the training. None of it compares with FID or KID
    of papers, which look through Inception.
    """
    import numpy as np
    import pandas as pd

    from kpop_assets.insight.quality_figure import quality_figure
    from kpop_assets.insight.sample_measures import MEASURES, Compared, sample_measures
    from kpop_assets.judge.copies import CopyDetector
    from kpop_assets.judge.judge import MOST_COVERS
    from kpop_assets.judge.quality import COLLAPSE_FLOOR, RealFeatures
    from kpop_assets.judge.seen_covers import all_seen
    from kpop_assets.judge.texture import MOST_COVERS as MOST_TEXTURE_COVERS
    from kpop_assets.judge.texture import RealTexture
    from kpop_assets.models.cover_source import spread_rows

    cover_set = context.partition_key
    open_store = store.open()
    record = training_record(generator_folder(open_store, cover_set))
    judged = judged_samples(open_store, cover_set, config.samples, JUDGING_NOISE + config.seed)
    rows = spread_rows(len(judged.hashes), MOST_COVERS)
    seen = all_seen(judged.seen(rows))
    copied = CopyDetector(seen.straight, seen.mirrored).copied(judged.samples, judged.features)
    some = spread_rows(len(judged.hashes), MOST_TEXTURE_COVERS)
    texture = RealTexture(np.concatenate(list(judged.covers(some)))).texture(judged.samples)
    real = RealFeatures(seen.features)
    numbers = sample_measures(Compared(judged.features, seen.features, real, copied, texture))
    about: dict[str, Any] = {
        "covers": len(judged.hashes),
        "compared_with": len(rows),
        "samples": config.samples,
        "seed": config.seed,
        "network": "MobileNetV2",
        "weights_hash": judged.weights_hash,
        "sites": judged.sites,
    }
    path = quality_path(open_store, cover_set)
    before: dict[str, float | None] | None = None
    try:
        earlier = quality_record(open_store, cover_set)
        before = {"kid": earlier["kid"], "kid_spread": earlier["kid_spread"]}
    except MissingArtifactError:
        context.log.info("it is the first judgement")
    except DamagedArtifactError as error:
        context.log.warning(f"not compared with the judgement before: {error}")
    with atomic_file(path) as file:
        known = {name: number_or_null(value) for name, value in numbers.items()}
        file.write(record_bytes({**known, **about}, _asset(cover_set)))
    context.log.info(
        f"{cover_set}: "
        + ", ".join(
            f"{one.title} {one.form.format(numbers[one.name])}" for one in MEASURES if one.title
        )
    )
    evaluations = pd.DataFrame(record["evaluations"])
    curve = {}
    if len(evaluations):
        title = f"{cover_set} covers ({record['sites']}), recipe {record['config']['recipe']}"
        best_step = int(record["provenance"]["best_step"])
        figure = quality_figure(evaluations, best_step, title)
        curve["curve"] = dg.MetadataValue.md(picture_markdown(figure, "image/png", title))
    return dg.MaterializeResult(
        metadata={
            **{name: shown_number(value) for name, value in numbers.items()},
            **about,
            **curve,
            "file": dg.MetadataValue.path(str(path)),
        },
        check_results=[
            varied_generator(numbers["diversity"], COLLAPSE_FLOOR),
            kid_beside_before(numbers, before),
        ],
    )


def quality_path(store: Store, cover_set: str) -> Path:
    """Return where the quality of a set's generator lies."""
    return store.folder("generator_quality", cover_set) / "quality.json"


def quality_record(store: Store, cover_set: str) -> QualityRecord:
    """Return the quality of a set; raises MissingArtifactError and DamagedArtifactError."""
    return read_record(quality_path(store, cover_set), _asset(cover_set), QualityRecord)


def _asset(cover_set: str) -> str:
    return f"generator_quality [{cover_set}]"
