"""The training film and the loss figure of each cover set."""

import dagster as dg
import numpy as np

from kpop_assets.covers.showing.enlarged import enlarged_grid
from kpop_assets.covers.showing.film import captioned, gif_film, mp4_film, webp_film
from kpop_assets.covers.showing.markdown import inline_preview, picture_markdown
from kpop_assets.defs.automation import WHEN_CONTENT_CHANGED
from kpop_assets.defs.partitions import COVER_SET_PARTITIONS
from kpop_assets.defs.resources import StoreResource
from kpop_assets.defs.reuse.unchanged import unless_unchanged
from kpop_assets.defs.training.progress_frames import progress_frames
from kpop_assets.models.published import generator_folder, training_record
from kpop_assets.models.recipes import RECIPES
from kpop_assets.store.folders import atomic_folder, stored_folder
from kpop_assets.store.records import file_digests, record_bytes

GIF_FILE, MP4_FILE, RECORD_FILE = "training.gif", "training.mp4", "film.json"


@dg.asset(
    group_name="training",
    kinds={"image"},
    code_version="3",
    partitions_def=COVER_SET_PARTITIONS,
    deps=["cover_generator"],
    automation_condition=WHEN_CONTENT_CHANGED,
)
@unless_unchanged()
def training_gif(context: dg.AssetExecutionContext, store: StoreResource) -> dg.MaterializeResult:
    """The training film: one grid of samples from fixed noise every 100 steps, and the loss curve.

    MP4 and GIF lie in the store; `film` shows a shorter animated WebP of the same frames.
    """
    import pandas as pd

    from kpop_assets.insight.loss_figure import loss_figure

    cover_set = context.partition_key
    source = generator_folder(store.open(), cover_set)
    record = training_record(source)
    side = record["config"]["image_size"]
    frames = [
        captioned(enlarged_grid(np.asarray(frame), side), f"step {step:,}")
        for step, frame in progress_frames(source).items()
    ]
    losses = pd.DataFrame(record["losses"])
    recipe = RECIPES[record["config"]["recipe"]]
    figure = loss_figure(
        losses,
        recipe.losses,
        recipe.loss_unit,
        f"{cover_set} covers ({record['sites']}), {len(losses):,} training steps",
    )
    gif, mp4 = gif_film(frames), mp4_film(frames)
    folder = store.open().folder("training_gif", cover_set)
    with atomic_folder(folder) as temporary:
        (temporary / GIF_FILE).write_bytes(gif)
        (temporary / MP4_FILE).write_bytes(mp4)
        (temporary / "losses.png").write_bytes(figure)
        about = {
            "weights_hash": record["provenance"]["weights_hash"],
            "sites": record["sites"],
            "files": file_digests(temporary),
        }
        film_record = record_bytes(about, f"training_gif [{cover_set}]")
        (temporary / RECORD_FILE).write_bytes(film_record)
    folder = stored_folder(folder)
    context.log.info(
        f"{len(frames)} frames, {len(gif) / 1e6:.1f} MB as GIF, {len(mp4) / 1e6:.1f} MB as MP4"
    )
    title = f"{cover_set} training film"
    return dg.MaterializeResult(
        metadata={
            "preview": dg.MetadataValue.md(inline_preview(frames[-1], title)),
            "film": dg.MetadataValue.md(picture_markdown(webp_film(frames), "image/webp", title)),
            "loss_figure": dg.MetadataValue.md(
                picture_markdown(figure, "image/png", f"{cover_set} losses")
            ),
            "frames": len(frames),
            "file": dg.MetadataValue.path(str(folder / GIF_FILE)),
            "mp4_file": dg.MetadataValue.path(str(folder / MP4_FILE)),
            "loss_figure_file": dg.MetadataValue.path(str(folder / "losses.png")),
            "megabytes": round(len(gif) / 1e6, 2),
            "mp4_megabytes": round(len(mp4) / 1e6, 2),
            "sites": record["sites"],
        },
    )
