"""How near the generated covers of each set come to single training covers."""

from pathlib import Path

import dagster as dg
import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field
from typing_extensions import TypedDict

from kpop_assets.covers.showing.grid import png_bytes
from kpop_assets.covers.showing.markdown import sheet_markdown
from kpop_assets.defs.automation import WHEN_CONTENT_CHANGED
from kpop_assets.defs.generators.generated_checks import COPIES_ARE_FEW, few_copies
from kpop_assets.defs.generators.judged_samples import judged_samples
from kpop_assets.defs.generators.sample_covers import samples_record
from kpop_assets.defs.partitions import COVER_SET_PARTITIONS
from kpop_assets.defs.resources import StoreResource
from kpop_assets.defs.reuse.unchanged import unless_unchanged
from kpop_assets.store.artifacts import Store
from kpop_assets.store.folders import atomic_folder, stored_folder
from kpop_assets.store.records import file_digests, read_record, record_bytes
from kpop_assets.store.tables import Table, read_table, write_table

PAIRS = 10
RECORD_FILE = "originality.json"
TABLE_FILE = "originality.parquet"


class OriginalityConfig(dg.Config):
    """How samples are searched for copies."""

    samples: int = Field(
        480, ge=1, le=5000, description="Samples looked at; sample_covers are the first of them."
    )
    most_copies: float = Field(
        0.05,
        ge=0,
        le=1,
        description="Share of the samples that may show a training cover again. With more the "
        "check copies_are_few fails, and what follows is not made.",
    )


class OriginalityRecord(TypedDict):
    """How many of a set's samples are copies; the fields that are read back."""

    __pydantic_config__ = ConfigDict(extra="allow")  # type: ignore[misc]
    copies: float
    most_copies: float
    seed: int
    truncation: float
    weights_hash: str


@dg.asset(
    group_name="insight",
    kinds={"tensorflow", "image"},
    code_version="1",
    partitions_def=COVER_SET_PARTITIONS,
    deps=["cover_tensors", "cover_generator", "sample_covers"],
    check_specs=[COPIES_ARE_FEW],
    automation_condition=WHEN_CONTENT_CHANGED,
)
@unless_unchanged()
def originality(
    context: dg.AssetExecutionContext, config: OriginalityConfig, store: StoreResource
) -> dg.MaterializeResult:
    """The distance of each sample to its nearest training covers; copies are flagged.

    `pairs` shows the ten samples that lie nearest, each with its cover. `ratio` is a distance over
    the one from a cover to the nearest other: well below 1 a sample is nearer to a cover than
    covers are to each other. A copy shows a training cover again, also mirrored, cropped, blurred
    or under noise.
    """
    import pandas as pd

    from kpop_assets.insight.pairs_sheet import pairs_sheet
    from kpop_assets.judge.copies import appearances
    from kpop_assets.judge.nearest_covers import nearest_covers

    cover_set = context.partition_key
    open_store = store.open()
    drawn = samples_record(open_store, cover_set)
    seed, truncation = drawn["seed"], drawn["truncation"]
    judged = judged_samples(open_store, cover_set, config.samples, seed, truncation)
    everything = np.arange(len(judged.hashes))
    found = nearest_covers(appearances(judged.samples, judged.features), judged.seen(everything))
    table = pd.DataFrame(
        {
            "sample": np.arange(len(found.covers)),
            "covers": [[judged.hashes[index] for index in row] for row in found.covers],
            "distances": found.distances.tolist(),
            "ratio": found.ratios,
            "copied": found.copied,
        }
    )
    closest = np.argsort(found.distances[:, 0], kind="stable")[:PAIRS]
    rows, place = np.unique(found.covers[closest, 0], return_inverse=True)
    sheet = pairs_sheet(judged.samples[closest], np.concatenate(list(judged.covers(rows)))[place])
    copies = float(found.copied.mean())
    record = {
        "copies": copies,
        "most_copies": config.most_copies,
        "samples": len(table),
        "seed": seed,
        "truncation": truncation,
        "weights_hash": judged.weights_hash,
    }
    folder = open_store.folder("originality", cover_set)
    with atomic_folder(folder) as temporary:
        with (temporary / TABLE_FILE).open("wb") as file:
            write_table(file, table, _asset(cover_set))
        (temporary / "pairs.png").write_bytes(png_bytes(sheet))
        record = {**record, "files": file_digests(temporary)}
        (temporary / RECORD_FILE).write_bytes(record_bytes(record, _asset(cover_set)))
    folder = stored_folder(folder)
    context.log.info(f"{cover_set}: {copies:.1%} of {len(table)} samples are copies")
    return dg.MaterializeResult(
        metadata={
            "pairs": dg.MetadataValue.md(
                sheet_markdown(sheet, f"{cover_set}: the ten closest pairs, sample left")
            ),
            "copies": round(copies, 4),
            "most_copies": config.most_copies,
            "samples": len(table),
            **_ratios(found.ratios),
            "seed": seed,
            "folder": dg.MetadataValue.path(str(folder)),
            "sites": judged.sites,
        },
        check_results=[few_copies(copies, config.most_copies)],
    )


def _ratios(ratios: NDArray[np.float64]) -> dict[str, float]:
    """Return what there is to tell of ratios, which a lone cover has not."""
    if np.isnan(ratios).all():
        return {}
    return {
        "median_ratio": round(float(np.median(ratios)), 3),
        "smallest_ratio": round(float(ratios.min()), 3),
    }


def originality_folder(store: Store, cover_set: str) -> Path:
    """Return where the files of the originality of a set's samples lie."""
    return stored_folder(store.folder("originality", cover_set))


def originality_record(store: Store, cover_set: str) -> OriginalityRecord:
    """Return the record of a set; raises MissingArtifactError and DamagedArtifactError."""
    path = originality_folder(store, cover_set) / RECORD_FILE
    return read_record(path, _asset(cover_set), OriginalityRecord)


def originality_table(store: Store, cover_set: str) -> Table:
    """Return a row for each sample; raises MissingArtifactError and DamagedArtifactError."""
    return read_table(originality_folder(store, cover_set) / TABLE_FILE, _asset(cover_set))


def _asset(cover_set: str) -> str:
    return f"originality [{cover_set}]"
