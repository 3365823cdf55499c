"""What the store has for the gallery page."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from PIL import Image, ImageSequence

from kpop_assets.assets.cover_names import cover_names
from kpop_assets.assets.cover_set_contrast import contrast_folder
from kpop_assets.assets.current_records import CurrentRecords, current_records
from kpop_assets.assets.generator import generator_folder
from kpop_assets.assets.originality import TABLE_FILE, originality_folder
from kpop_assets.assets.previews import evenly
from kpop_assets.assets.samples import INTERPOLATION_FILE, sample_files
from kpop_assets.assets.training_run import FRAMES_FOLDER
from kpop_assets.assets.unfit_generators import unfit
from kpop_assets.assets.visual_profile import profile_of
from kpop_assets.covers.sets import COVER_SETS
from kpop_assets.covers.square import squared
from kpop_assets.errors import KpopAssetsError
from kpop_assets.insight.contrast_words import pair_sentences, trend_sentences
from kpop_assets.insight.gallery.content import (
    Film,
    GalleryContent,
    NearestCover,
    Sample,
    SetContent,
)
from kpop_assets.insight.gallery.pictures import picture_address
from kpop_assets.insight.palettes import Palette, pooled_palette
from kpop_assets.insight.worlds import covers_called
from kpop_assets.store import MissingArtifactError, Store

FRAMES = 30
FRAME_PIXELS = 400
SAMPLES = 64
SAMPLE_PIXELS = 512
NEAREST_PIXELS = 112


class NothingToShowError(KpopAssetsError):
    """Every cover set with a generator is left out of the page."""


def gallery_content(store: Store, with_chart: bool = True) -> GalleryContent:
    """Return what there is of every cover set with a generator; of the chart if there is one.

    A set is left out when more of its samples are copies than `originality` allowed, and so is what
    was made of another generator than the one that is there. Raises MissingArtifactError when no
    set has a generator, NothingToShowError when all are left out.
    """
    sets, left_out = [], []
    names = cover_names(store)
    for cover_set in COVER_SETS:
        with suppress(MissingArtifactError):
            records = current_records(store, cover_set)
            if records.copies is None:
                sets.append(_set_content(store, cover_set, records, names))
                left_out += records.outdated
            else:
                left_out.append(f"{cover_set}: {records.copies}")
    if not sets and left_out:
        raise NothingToShowError(
            f"expected a set to show, but {'; '.join(left_out)}: train for fewer steps or on more "
            "covers, then materialize sample_covers and originality again"
        )
    if not sets:
        raise MissingArtifactError(store.folder("cover_generator", "popular"), "cover_generator")
    tables = {
        name: _table(contrast_folder(store) / f"{name}.parquet")
        for name in ("contrasts", "separability", "trends")
    }
    not_compared = {one.name for one in sets if one.unfit}
    for name in ("contrasts", "separability"):
        tables[name] = _without_generated(tables[name], not_compared)
    sites = ", ".join(sorted({site for one in sets for site in one.record["sites"].split(", ")}))
    said = []
    if len(tables["contrasts"]):
        covers = covers_called(sites)
        said = pair_sentences(tables["contrasts"], tables["separability"], covers)
    if len(tables["trends"]):
        said += trend_sentences(tables["trends"])
    return GalleryContent(
        sets=sets,
        sites=sites,
        made_at=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        said=said,
        contrasts=tables["contrasts"],
        diversity=_table(store.table("chart_diversity")) if with_chart else pd.DataFrame(),
        left_out=left_out,
    )


def _set_content(
    store: Store, cover_set: str, records: CurrentRecords, names: Mapping[str, str]
) -> SetContent:
    palettes: dict[str, Palette] = {}
    with suppress(MissingArtifactError):
        palettes = _palettes(profile_of(store, cover_set))
    drawn = records.samples is not None
    return SetContent(
        name=cover_set,
        covers=records.generator["provenance"]["covers"],
        record=records.generator,
        training=_training_film(generator_folder(store, cover_set) / FRAMES_FOLDER),
        interpolation=_interpolation(store.folder("sample_covers", cover_set)) if drawn else None,
        samples=_samples(store, cover_set, records, names),
        quality=records.quality,
        palettes=palettes,
        unfit=unfit(records.generator, records.quality),
    )


def _training_film(folder: Path) -> Film | None:
    paths = sorted(folder.glob("*.png"))
    chosen = [paths[index] for index in evenly(len(paths), FRAMES)]
    if not chosen:
        return None
    frames = [picture_address(Image.open(path), FRAME_PIXELS) for path in chosen]
    return Film(frames, [f"step {int(path.stem):,}" for path in chosen])


def _interpolation(folder: Path) -> Film | None:
    path = folder / INTERPOLATION_FILE
    if not path.exists():
        return None
    with Image.open(path) as film:
        frames = [frame.convert("RGB") for frame in ImageSequence.Iterator(film)]
    chosen = evenly(len(frames), FRAMES)
    captions = [f"{index / len(frames):.0%} of the way" for index in chosen]
    return Film([picture_address(frames[index], FRAME_PIXELS) for index in chosen], captions)


def _samples(
    store: Store, cover_set: str, records: CurrentRecords, names: Mapping[str, str]
) -> list[Sample]:
    if records.samples is None:
        return []
    files = sample_files(store, cover_set)[:SAMPLES]
    seed = records.samples["seed"]
    near: dict[int, Mapping[str, Any]] = {}
    if records.originality is not None:
        found = _table(originality_folder(store, cover_set) / TABLE_FILE)
        near = {int(row["sample"]): row for row in found.to_dict("records")}  # type: ignore[misc]
    pictures: dict[str, str | None] = {}
    return [
        _sample(
            store,
            f"{cover_set} sample {path.stem}, seed {seed}",
            path,
            near.get(number),
            pictures,
            names,
        )
        for number, path in enumerate(files)
    ]


def _sample(
    store: Store,
    alt: str,
    path: Path,
    found: Mapping[str, Any] | None,
    pictures: dict[str, str | None],
    names: Mapping[str, str],
) -> Sample:
    picture = picture_address(Image.open(path), SAMPLE_PIXELS)
    if found is None:
        return Sample(picture, alt)
    nearest = []
    for name, distance in zip(found["covers"], found["distances"], strict=True):
        if name not in pictures:
            pictures[name] = _cover(store, name)
        if address := pictures[name]:
            title = names.get(name, f"cover {name[:12]}")
            nearest.append(NearestCover(address, title, float(distance)))
    ratio = None if np.isnan(found["ratio"]) else float(found["ratio"])
    return Sample(picture, alt, nearest, ratio, bool(found["copied"]))


def _cover(store: Store, name: str) -> str | None:
    with suppress(OSError), Image.open(store.picture(name)) as picture:
        return picture_address(squared(picture, NEAREST_PIXELS), NEAREST_PIXELS)
    return None


def _without_generated(table: pd.DataFrame, cover_sets: set[str]) -> pd.DataFrame:
    """Return the rows but for those that compare generated covers of one of the sets."""
    if table.empty:
        return table
    of_sets = table["first"].isin(cover_sets) | table["second"].isin(cover_sets)
    return table[~((table["kind"] == "generated") & of_sets)]


def _palettes(profile: pd.DataFrame) -> dict[str, Palette]:
    """Return the pooled palettes of a set's real covers by year, of all, and of its samples."""
    real = profile[profile["kind"] == "real"]
    groups = {str(year): rows for year, rows in real.groupby("year")}
    groups |= {"all": real, "generated": profile[profile["kind"] == "generated"]}
    return {
        name: pooled_palette(
            [
                Palette(tuple(colours), tuple(weights))
                for colours, weights in zip(rows["palette"], rows["palette_weights"], strict=True)
            ]
        )
        for name, rows in groups.items()
        if len(rows)
    }


def _table(path: Path) -> pd.DataFrame:
    return pd.read_parquet(path) if path.exists() else pd.DataFrame()
