"""What the generator makes of one noise vector when it is told another set or year."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import dagster as dg
import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from kpop_assets.covers.showing.enlarged import enlarged_for_sheet, enlarged_grid
from kpop_assets.covers.showing.film import captioned, mp4_film, webp_film
from kpop_assets.covers.showing.grid import cover_grid, png_bytes
from kpop_assets.covers.showing.markdown import picture_markdown
from kpop_assets.defs.automation import WHEN_CONTENT_CHANGED
from kpop_assets.defs.generators.conditional_generator import conditional_generators
from kpop_assets.defs.previews import sheet_previews
from kpop_assets.defs.resources import StoreResource
from kpop_assets.defs.reuse.unchanged import NOT_REPORTED, unless_unchanged
from kpop_assets.defs.training.progress_frames import progress_frames
from kpop_assets.models.conditional.conditions import (
    Choice,
    Conditions,
    Range,
    conditions_of_record,
)
from kpop_assets.models.published import current_folder, published_generator, training_record
from kpop_assets.store.errors import MissingArtifactError
from kpop_assets.store.folders import atomic_folder, stored_folder
from kpop_assets.store.records import file_digests, record_bytes

if TYPE_CHECKING:
    import keras

NAME = "conditional_samples"
SHEET_FILE, TRAINING_FILE, RECORD_FILE = "sheet.png", "training.mp4", "samples.json"
FRAME_MS = 100
FRAMES_SHOWN = 30


class ConditionalSamplesConfig(dg.Config):
    """Which covers are drawn from the generator that is told what a cover is to be."""

    columns: int = Field(8, ge=1, le=32, description="Noise vectors; each is drawn as every kind.")
    seed: int = Field(0, ge=0, lt=2**31, description="Seed of the noise vectors.")
    frames: int = Field(60, ge=4, le=600, description="Frames of a film along a condition.")


@dg.asset(
    group_name="training",
    kinds={"tensorflow", "image"},
    code_version="1",
    deps=["conditional_generator"],
    automation_condition=WHEN_CONTENT_CHANGED,
)
@unless_unchanged()
def conditional_samples(
    context: dg.AssetExecutionContext, config: ConditionalSamplesConfig, store: StoreResource
) -> dg.MaterializeResult:
    """A sheet of one noise vector a column and one kind of cover a row, and films of the change.

    A film runs along each condition and back: through the years, from set to set. One is of the
    training.
    """
    from kpop_assets.models.conditional.sampling import told_grid

    open_store = store.open()
    try:
        source = current_folder(conditional_generators(open_store))
    except MissingArtifactError as error:
        context.log.warning(f"nothing to draw from: {error}")
        return dg.MaterializeResult(metadata=NOT_REPORTED)
    trained = training_record(source)
    conditions = conditions_of_record(trained.get("conditions", []))
    generator = published_generator(source)
    side = generator.output_shape[1]
    covers = told_grid(generator, conditions, conditions.shown(), config.columns, config.seed)
    shown = enlarged_for_sheet(covers)
    films = {
        field.name: list(_along(generator, conditions, place, config))
        for place, field in enumerate(conditions.fields)
    }
    training = [
        captioned(enlarged_grid(np.asarray(frame), side), f"step {step:,}")
        for step, frame in progress_frames(source).items()
    ]
    folder = open_store.folder(NAME, "all")
    files = {name: f"along-{place}.mp4" for place, name in enumerate(films)}
    with atomic_folder(folder) as temporary:
        (temporary / SHEET_FILE).write_bytes(png_bytes(cover_grid(shown, config.columns)))
        (temporary / TRAINING_FILE).write_bytes(mp4_film(training))
        for name, frames in films.items():
            (temporary / files[name]).write_bytes(mp4_film(frames, FRAME_MS, FRAME_MS))
        record = {
            "seed": config.seed,
            "weights_hash": trained["provenance"]["weights_hash"],
            "films": files,
            "files": file_digests(temporary),
        }
        (temporary / RECORD_FILE).write_bytes(record_bytes(record, NAME))
    folder = stored_folder(folder)
    context.log.info(
        f"{len(covers)} covers from seed {config.seed}; films along {', '.join(films)}"
    )
    return dg.MaterializeResult(
        metadata={
            **sheet_previews(shown, "one noise vector a column, one kind a row"),
            **{f"along_{name}": _shown(frames, name) for name, frames in films.items()},
            **{
                f"along_{name}_file": dg.MetadataValue.path(str(folder / files[name]))
                for name in films
            },
            "conditions": dg.MetadataValue.json(conditions.described()),
            "kinds": [_called(conditions, one) for one in conditions.shown()],
            "sheet_file": dg.MetadataValue.path(str(folder / SHEET_FILE)),
            "training_film_file": dg.MetadataValue.path(str(folder / TRAINING_FILE)),
            "sites": trained["sites"],
        },
    )


def _along(
    generator: "keras.Model", conditions: Conditions, place: int, config: ConditionalSamplesConfig
) -> Iterator[NDArray[np.uint8]]:
    """Yield the frames of a film along a condition and back, the others left open."""
    from kpop_assets.models.conditional.sampling import condition_frames

    field = conditions.fields[place]
    ways = [0.0, 1.0, 0.0] if isinstance(field, Range) else [*map(float, range(field.width)), 0.0]
    stops = np.full((len(ways), len(conditions.fields)), np.nan)
    stops[:, place] = ways
    frames = condition_frames(generator, conditions, list(stops), config.frames, config.seed)
    for share, grid in zip(np.linspace(0, len(ways) - 1, config.frames), frames, strict=True):
        side = generator.output_shape[1]
        yield captioned(enlarged_grid(grid, side), _caption(field, ways, float(share)))


def _caption(field: Choice | Range, ways: list[float], share: float) -> str:
    before = min(int(share), len(ways) - 2)
    if isinstance(field, Range):
        return f"{field.value(float(np.interp(share, range(len(ways)), ways))):.1f}"
    first, last = (field.values[int(ways[at])] for at in (before, before + 1))
    part = share - before
    return first if part < 0.25 else last if part > 0.75 else f"{first} / {last}"


def _called(conditions: Conditions, places: NDArray[np.float64]) -> str:
    field, place = conditions.fields[0], float(places[0])
    return field.values[int(place)] if isinstance(field, Choice) else f"{field.value(place):g}"


def _shown(frames: list[NDArray[np.uint8]], name: str) -> dg.MarkdownMetadataValue:
    shown = frames[:: -(-len(frames) // FRAMES_SHOWN)]
    film = webp_film(shown, len(shown), frame_ms=2 * FRAME_MS, last_frame_ms=2 * FRAME_MS)
    return dg.MetadataValue.md(picture_markdown(film, "image/webp", f"along {name}"))
