"""Sample covers of each cover set."""

import math

import dagster as dg
from PIL import Image

from kpop_assets.assets.generator import MODEL_FILE, generator_folder, generator_record
from kpop_assets.assets.previews import sheet_previews
from kpop_assets.automation import WHEN_CONTENT_CHANGED
from kpop_assets.config import SampleConfig
from kpop_assets.covers.decode import stored_jpeg
from kpop_assets.covers.grid import cover_grid, png_bytes
from kpop_assets.partitions import COVER_SET_PARTITIONS
from kpop_assets.storage import StoreResource
from kpop_assets.store import atomic_folder


@dg.asset(
    group_name="training",
    kinds={"tensorflow", "image"},
    code_version="1",
    partitions_def=COVER_SET_PARTITIONS,
    deps=["cover_generator"],
    automation_condition=WHEN_CONTENT_CHANGED,
)
def sample_covers(
    context: dg.AssetExecutionContext, config: SampleConfig, store: StoreResource
) -> dg.MaterializeResult:
    """Covers drawn from the trained generator: single JPEGs and one sheet, from a seed."""
    from kpop_assets.gan.files import load_generator
    from kpop_assets.gan.sampling import sample_covers as drawn_covers

    cover_set = context.partition_key
    source = generator_folder(store.open(), cover_set)
    sites = generator_record(source)["sites"]
    pictures = drawn_covers(load_generator(source / MODEL_FILE), config.covers, config.seed)
    sheet = cover_grid(pictures, math.ceil(math.sqrt(len(pictures))))
    comment = f"kpop_assets generated cover, trained on {cover_set} covers ({sites})"
    folder = store.open().folder("sample_covers", cover_set)
    with atomic_folder(folder) as temporary:
        for index, picture in enumerate(pictures):
            (temporary / f"{index:03d}.jpg").write_bytes(
                stored_jpeg(Image.fromarray(picture), comment)
            )
        (temporary / "sheet.png").write_bytes(png_bytes(sheet))
    context.log.info(f"{len(pictures)} covers from seed {config.seed}")
    return dg.MaterializeResult(
        metadata={
            **sheet_previews(pictures, f"{cover_set} samples"),
            "covers": len(pictures),
            "seed": config.seed,
            "folder": dg.MetadataValue.path(folder),
            "sheet_file": dg.MetadataValue.path(folder / "sheet.png"),
            "sites": sites,
        },
    )
