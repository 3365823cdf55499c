"""What the covers of each set look like in numbers, and what the generated ones do."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import dagster as dg
import numpy as np
from numpy.typing import NDArray

from kpop_assets.defs.automation import WHEN_CONTENT_CHANGED
from kpop_assets.defs.covers.cover_tensors import opened_tensors
from kpop_assets.defs.generators.sample_covers import sample_files, sample_picture
from kpop_assets.defs.partitions import COVER_SET_PARTITIONS
from kpop_assets.defs.progress import with_progress
from kpop_assets.defs.resources import StoreResource
from kpop_assets.defs.reuse.unchanged import Inputs, unless_unchanged
from kpop_assets.store.artifacts import Store
from kpop_assets.store.files import atomic_file
from kpop_assets.store.tables import Table, read_table, write_table

KINDS = ("real", "generated")


def _measuring(_given: Inputs) -> list[object]:
    """Return the names of the measures, and which optional detectors are installed."""
    from kpop_assets.insight.measuring import faces, text_area
    from kpop_assets.insight.measuring.measures import ALL_MEASURES

    return [ALL_MEASURES, [detector.MODEL.is_installed() for detector in (faces, text_area)]]


@dg.asset(
    group_name="insight",
    kinds={"pandas", "parquet"},
    code_version="1",
    partitions_def=COVER_SET_PARTITIONS,
    deps=["cover_tensors", "sample_covers"],
    automation_condition=WHEN_CONTENT_CHANGED,
)
@unless_unchanged(_measuring)
def visual_profile(
    context: dg.AssetExecutionContext, cover_catalog: Table, store: StoreResource
) -> dg.MaterializeResult:
    """One row for each cover of a set and each of its sample covers.

    Colours are measured at 64 pixels, so that both compare; text and faces need the optional
    detectors (make detectors) and covers of 128 pixels or more, else they are null. Each row has a
    palette of five colours; `year` is the first chart year of a cover.
    """
    import pandas as pd

    from kpop_assets.covers.tensors import sites_of_tensors
    from kpop_assets.insight.measuring.measures import ALL_MEASURES, MEASURES
    from kpop_assets.insight.measuring.profile import profile

    cover_set = context.partition_key
    open_store = store.open()
    with opened_tensors(open_store, cover_set) as file:
        sites = sites_of_tensors(file)
        generated = profile(_sample_covers(open_store, cover_set))
        listed = sum(cover_set in sets for sets in cover_catalog["cover_sets"])
        covers = with_progress(_real_covers(file), listed, "covers measured", context.log.info)
        real = profile(covers)
    tables = {"real": real, "generated": generated}
    years = dict(zip(cover_catalog["hash"], cover_catalog["year"], strict=True))
    table = pd.concat(
        [rows.assign(kind=kind, cover_set=cover_set) for kind, rows in tables.items()],
        ignore_index=True,
    )
    table["sites"] = sites
    table["year"] = table["picture"].map(years).astype("Int64")
    with atomic_file(_profile_path(open_store, cover_set)) as file:
        write_table(file, table, _asset(cover_set))
    counts = {kind: len(rows) for kind, rows in tables.items()}
    context.log.info(f"{cover_set}: {counts['real']} real and {counts['generated']} generated")
    means = {kind: rows[list(ALL_MEASURES)].mean() for kind, rows in tables.items()}
    return dg.MaterializeResult(
        metadata={
            **{f"{kind}_covers": count for kind, count in counts.items()},
            "means": dg.MetadataValue.table(
                [
                    dg.TableRecord(
                        {
                            "measure": measure.title,
                            "unit": measure.unit,
                            **{kind: _shown(means[kind][measure.name]) for kind in KINDS},
                            "says": measure.says,
                        }
                    )
                    for measure in MEASURES
                ]
            ),
            "file": dg.MetadataValue.path(str(_profile_path(open_store, cover_set))),
            "sites": sites,
        }
    )


def _profile_path(store: Store, cover_set: str) -> Path:
    """Return where the profile of a cover set lies."""
    return store.folder("visual_profile", cover_set) / "profile.parquet"


def profile_of(store: Store, cover_set: str) -> Table:
    """Return the profile of a cover set; raises MissingArtifactError and DamagedArtifactError."""
    return read_table(_profile_path(store, cover_set), _asset(cover_set))


def _real_covers(tensors: BinaryIO) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    from kpop_assets.covers.tensors import read_cover_tensors

    for batch in read_cover_tensors(tensors):
        yield from zip(batch.hashes, batch.pixels, strict=True)


def _sample_covers(store: Store, cover_set: str) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    for path in sample_files(store, cover_set):
        yield f"{cover_set} sample {path.stem}", np.asarray(sample_picture(store, cover_set, path))


def _asset(cover_set: str) -> str:
    return f"visual_profile [{cover_set}]"


def _shown(mean: float) -> str:
    return "" if np.isnan(mean) else f"{mean:.3g}"
