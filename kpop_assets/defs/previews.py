"""Pictures of assets in the form that the UI shows."""

from collections.abc import Sequence
from contextlib import suppress

import dagster as dg
import numpy as np
from numpy.typing import NDArray

from kpop_assets.covers.showing.grid import cover_grid
from kpop_assets.covers.showing.markdown import inline_preview, sheet_markdown
from kpop_assets.covers.square import squared
from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import StoredPictureError
from kpop_assets.store.stored_pictures import opened_picture

SHEET_COVERS = 60
SHEET_COLUMNS = 12
SHEET_COVER_PIXELS = 72


def picture_previews(
    store: Store, hashes: Sequence[str], title: str
) -> dict[str, dg.MarkdownMetadataValue]:
    """Return an inline `preview` and a contact `sheet` of stored pictures, evenly chosen.

    Pictures that are gone or damaged are left out; without any there is no preview.
    """
    shown = []
    for index in evenly(len(hashes), SHEET_COVERS):
        with suppress(StoredPictureError):
            picture = opened_picture(store, hashes[index], SHEET_COVER_PIXELS)
            shown.append(np.asarray(squared(picture, SHEET_COVER_PIXELS)))
    return sheet_previews(np.stack(shown), title) if shown else {}


def sheet_previews(pictures: NDArray[np.uint8], title: str) -> dict[str, dg.MarkdownMetadataValue]:
    """Return an inline `preview` of four pictures and a `sheet` of all, uint8 (N, h, w, 3)."""
    four = pictures[evenly(len(pictures), 4)]
    return {
        "preview": dg.MetadataValue.md(inline_preview(cover_grid(four, 2), title)),
        "sheet": dg.MetadataValue.md(sheet_markdown(cover_grid(pictures, SHEET_COLUMNS), title)),
    }


def evenly(count: int, most: int) -> NDArray[np.intp]:
    """Return up to `most` of so many places, ascending, the first and the last among them."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).round().astype(np.intp))
