"""What the store has for the gallery page."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from kpop_assets.covers.sets import COVER_SETS
from kpop_assets.covers.showing.addresses import picture_address
from kpop_assets.defs.generators.originality import originality_table
from kpop_assets.defs.generators.sample_covers import (
    INTERPOLATION_FILE,
    sample_files,
    sample_picture,
)
from kpop_assets.defs.insight.cover_set_contrast import contrast_table
from kpop_assets.defs.insight.page.cover_names import cover_names
from kpop_assets.defs.insight.page.cover_pictures import CoverPictures
from kpop_assets.defs.insight.page.current_records import CurrentRecords, current_records
from kpop_assets.defs.insight.page.drawing_section import drawing_generator
from kpop_assets.defs.insight.page.films import most_frames, training_film, walk_film
from kpop_assets.defs.insight.page.song_sections import songs_content
from kpop_assets.defs.insight.page.story_covers import measured_pairs, number_ones, wall_pairs
from kpop_assets.defs.insight.page.unfit_generators import unfit
from kpop_assets.defs.insight.visual_profile import profile_of
from kpop_assets.errors import KpopAssetsError
from kpop_assets.insight.contrast.contrast_words import pair_sentences, trend_sentences
from kpop_assets.insight.contrast.worlds import covers_called
from kpop_assets.insight.gallery.content import (
    Film,
    GalleryContent,
    NearestCover,
    Sample,
    SetContent,
)
from kpop_assets.insight.measuring.measures import COLOUR_MEASURES
from kpop_assets.insight.measuring.palettes import Palette, pooled_palette
from kpop_assets.models.published import generator_folder
from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import DamagedArtifactError, MissingArtifactError
from kpop_assets.store.tables import stored_table

Shown = TypeVar("Shown")

SAMPLES = 64
SAMPLE_PIXELS = 512
NEAREST_PIXELS = 160


class NothingToShowError(KpopAssetsError):
    """Every cover set with a generator is left out of the page."""


def gallery_content(store: Store, tables_shown: Sequence[str]) -> GalleryContent:
    """Return what there is of every cover set with a generator, and of those tables of assets.

    A set is left out when more of its samples are copies than `originality` allowed, and so is what
    was made of another generator than the one that is there, what is damaged and what is not there;
    `left_out` says so, with what to materialize. Raises MissingArtifactError when no set has a
    generator, NothingToShowError when all are left out.
    """
    sets: list[SetContent] = []
    left_out: list[str] = []
    no_tables: list[str] = []
    tables = {
        name: _shown(stored_table, (store, name), pd.DataFrame(), no_tables)
        for name in tables_shown
    }
    names = cover_names({name: table for name, table in tables.items() if len(table)})
    pictures = CoverPictures(store, names, left_out)
    current: dict[str, CurrentRecords] = {}
    for cover_set in COVER_SETS:
        try:
            records = current_records(store, cover_set)
        except MissingArtifactError:
            continue
        except DamagedArtifactError as error:
            left_out.append(f"{cover_set}: {error}")
            continue
        if records.copies is None:
            current[cover_set] = records
        else:
            left_out.append(f"{cover_set}: {records.copies}")
    frames = most_frames(len(current))
    for name, records in current.items():
        sets.append(_set_content(store, name, records, pictures, frames, left_out))
        left_out += records.left_out
    if not sets and left_out:
        raise NothingToShowError(
            f"expected a set to show, but {'; '.join(left_out)}: train for fewer steps or on more "
            "covers, then materialize sample_covers and originality again"
        )
    if not sets:
        raise MissingArtifactError(store.folder("cover_generator", "popular"), "cover_generator")
    compared = {
        name: _shown(contrast_table, (store, name), pd.DataFrame(), left_out)
        for name in ("contrasts", "separability", "trends")
    }
    not_compared = {one.name for one in sets if one.unfit}
    for name in ("contrasts", "separability"):
        compared[name] = _without_generated(compared[name], not_compared)
    sites = ", ".join(sorted({site for one in sets for site in one.record["sites"].split(", ")}))
    live = drawing_generator(store, left_out)
    songs = songs_content(store)
    left_out += songs.left_out if songs else []
    findings = []
    if len(compared["contrasts"]):
        covers = covers_called(sites)
        findings = pair_sentences(compared["contrasts"], compared["separability"], covers)
    profiles = _profiles(store, [one.name for one in sets])
    no_covers = pd.DataFrame()
    return GalleryContent(
        sets=sets,
        sites=sites,
        made_at=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        findings=findings,
        contrasts=compared["contrasts"],
        separability=compared["separability"],
        trends=trend_sentences(compared["trends"]) if len(compared["trends"]) else (),
        wall=wall_pairs(sets, profiles, pictures),
        means={name: _means(profile) for name, profile in profiles.items()},
        measured=measured_pairs(compared["contrasts"], _profiles(store, COVER_SETS), pictures),
        number_ones=number_ones(tables.get("melon_covers", no_covers), pictures),
        diversity=tables.get("chart_diversity", pd.DataFrame()),
        songs=songs if songs and songs.songs else None,
        live=live,
        left_out=list(dict.fromkeys([*no_tables, *left_out])),
    )


def _shown(
    make: Callable[..., Shown], of: tuple[object, ...], without: Shown, left_out: list[str]
) -> Shown:
    """Return what is made, or `without` where its source is missing or damaged, then noted."""
    try:
        return make(*of)
    except MissingArtifactError as error:
        asset = error.asset.partition(" (")[0]
        left_out.append(f"{asset}, which is not there: materialize it")
        return without
    except DamagedArtifactError as error:
        left_out.append(str(error))
        return without


def _set_content(
    store: Store,
    cover_set: str,
    records: CurrentRecords,
    pictures: CoverPictures,
    frames: int,
    left_out: list[str],
) -> SetContent:
    nothing: dict[str, Palette] = {}
    no_film: Film | None = None
    drawn = () if records.samples is None else records.samples.get("files", (INTERPOLATION_FILE,))
    folder = generator_folder(store, cover_set)
    return SetContent(
        name=cover_set,
        covers=records.generator["provenance"]["covers"],
        record=records.generator,
        training=_shown(training_film, (folder, frames), no_film, left_out),
        interpolation=_shown(walk_film, (store, cover_set, frames), no_film, left_out)
        if INTERPOLATION_FILE in drawn
        else None,
        samples=_samples(store, cover_set, records, pictures, left_out),
        quality=records.quality,
        palettes=_shown(_palettes_of_set, (store, cover_set), nothing, left_out),
        unfit=unfit(records.generator, records.quality),
    )


def _samples(
    store: Store,
    cover_set: str,
    records: CurrentRecords,
    pictures: CoverPictures,
    left_out: list[str],
) -> list[Sample]:
    if records.samples is None:
        return []
    seed = records.samples["seed"]
    near: dict[int, Mapping[str, Any]] = {}
    if records.originality is not None:
        found = _shown(originality_table, (store, cover_set), pd.DataFrame(), left_out)
        near = {int(row["sample"]): row for row in found.to_dict("records")}  # type: ignore[misc]
    shown = []
    no_paths: list[Path] = []
    paths = _shown(sample_files, (store, cover_set), no_paths, left_out)
    for number, path in enumerate(paths[:SAMPLES]):
        picture = _shown(sample_picture, (store, cover_set, path), None, left_out)
        if picture is not None:
            address = picture_address(picture, SAMPLE_PIXELS)
            alt = f"{cover_set} sample {path.stem}, seed {seed}"
            nearest = _nearest(near.get(number), pictures)
            shown.append(_sample(address, alt, near.get(number), nearest))
    return shown


def _sample(
    picture: str, alt: str, found: Mapping[str, Any] | None, nearest: list[NearestCover]
) -> Sample:
    if found is None:
        return Sample(picture, alt)
    ratio = None if np.isnan(found["ratio"]) else float(found["ratio"])
    return Sample(picture, alt, nearest, ratio, bool(found["copied"]))


def _nearest(found: Mapping[str, Any] | None, pictures: CoverPictures) -> list[NearestCover]:
    if found is None:
        return []
    return [
        NearestCover(address, pictures.alt(name), float(distance))
        for name, distance in zip(found["covers"], found["distances"], strict=True)
        if (address := pictures.address(name, NEAREST_PIXELS))
    ]


def _profiles(store: Store, cover_sets: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Return the profiles that there are, by set."""
    found: dict[str, pd.DataFrame] = {}
    for name in cover_sets:
        with suppress(MissingArtifactError, DamagedArtifactError):
            found[name] = profile_of(store, name)
    return found


def _means(profile: pd.DataFrame) -> dict[str, float]:
    real = profile[profile["kind"] == "real"]
    return {name: float(real[name].mean()) for name in COLOUR_MEASURES if name in real}


def _palettes_of_set(store: Store, cover_set: str) -> dict[str, Palette]:
    return _palettes(profile_of(store, cover_set))


def _without_generated(table: pd.DataFrame, cover_sets: set[str]) -> pd.DataFrame:
    """Return the rows but for those that compare generated covers of one of the sets."""
    if table.empty:
        return table
    of_sets = table["first"].isin(cover_sets) | table["second"].isin(cover_sets)
    return table[~((table["kind"] == "generated") & of_sets)]


def _palettes(profile: pd.DataFrame) -> dict[str, Palette]:
    """Return the pooled palettes of a set's covers by year, of all, and of its samples."""
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
