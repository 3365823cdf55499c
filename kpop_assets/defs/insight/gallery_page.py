"""The page that people look at."""

from collections.abc import Iterator
from contextlib import suppress

import dagster as dg
import numpy as np
from PIL import Image

from kpop_assets.defs.automation import WHEN_A_SET_CHANGED
from kpop_assets.defs.generators.sample_covers import sample_files, sample_picture
from kpop_assets.defs.previews import SHEET_COLUMNS, SHEET_COVER_PIXELS, sheet_previews
from kpop_assets.defs.resources import StoreResource
from kpop_assets.defs.world import settings_in_use
from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import DamagedArtifactError
from kpop_assets.store.files import atomic_file

UPSTREAM = (
    *("cover_generator", "sample_covers", "visual_profile", "cover_set_contrast"),
    *("generator_quality", "originality", "conditional_generator"),
)
OF_SITES = ("chart_diversity", "melon_covers", "crawled_covers")
OF_FOLDER = ("folder_covers",)
OF_SONGS = ("generated_songs", "song_quality")
MOST_MEGABYTES = 15.0


def gallery_page_asset(with_chart: bool) -> dg.AssetsDefinition:
    """Return the asset of the page; `with_chart` says whether the lineage has a chart."""
    tables_shown = OF_SITES if with_chart else OF_FOLDER

    @dg.asset(
        group_name="insight",
        kinds={"html"},
        code_version="2",
        deps=[*UPSTREAM, *tables_shown, *OF_SONGS],
        automation_condition=WHEN_A_SET_CHANGED,
    )
    def gallery_page(
        context: dg.AssetExecutionContext, store: StoreResource
    ) -> dg.MaterializeResult:
        """One HTML file to look at: covers and generated ones as a story, from the question on.

        Of every cover set that has a generator, but for those with too many copies among their
        samples. Composed songs are played. It needs no network and no other file; `file` in the
        metadata says where it is, `make gallery` opens it.
        """
        from kpop_assets.defs.insight.page.gallery_content import gallery_content
        from kpop_assets.insight.gallery.page import gallery_page as page_of

        open_store = store.open()
        content = gallery_content(open_store, tables_shown)
        for sentence in content.left_out:
            context.log.warning(f"not shown: {sentence}")
        page = page_of(content).encode()
        path = open_store.gallery()
        with atomic_file(path) as file:
            file.write(page)
        megabytes = len(page) / 1e6
        context.log.info(f"{megabytes:.1f} MB: {path}")
        if megabytes > MOST_MEGABYTES:
            context.log.warning(f"expected at most {MOST_MEGABYTES} MB, got {megabytes:.1f}")
        return dg.MaterializeResult(
            metadata={
                **_previews(open_store, [one.name for one in content.sets if one.samples]),
                "file": dg.MetadataValue.path(str(path)),
                "findings": dg.MetadataValue.md(
                    "\n".join(f"* {one}" for one in [*content.findings, *content.trends])
                ),
                "sets": [one.name for one in content.sets],
                "megabytes": round(megabytes, 2),
                "left_out": list(content.left_out),
                "sites": content.sites,
            }
        )

    return gallery_page


def definitions() -> dg.Definitions:
    """Return the page, with the chart where there is one."""
    return dg.Definitions(
        assets=[gallery_page_asset(with_chart=settings_in_use().covers_dir is None)]
    )


def _previews(store: Store, cover_sets: list[str]) -> dict[str, dg.MarkdownMetadataValue]:
    """Return a row of samples of each set as previews."""
    shown = [
        np.asarray(picture.resize((SHEET_COVER_PIXELS,) * 2))
        for cover_set in cover_sets
        for picture in _samples(store, cover_set)
    ]
    return sheet_previews(np.stack(shown), "samples in the gallery") if shown else {}


def _samples(store: Store, cover_set: str) -> Iterator[Image.Image]:
    for path in sample_files(store, cover_set)[:SHEET_COLUMNS]:
        with suppress(DamagedArtifactError):
            yield sample_picture(store, cover_set, path)
