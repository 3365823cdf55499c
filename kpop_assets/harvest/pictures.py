"""Pictures on their way into the store, and a look at those that lie there."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pandas as pd

from kpop_assets.covers.curating.fingerprint import perceptual_hash
from kpop_assets.covers.curating.looks import SEEN_PIXELS, Look, look_of
from kpop_assets.covers.curating.not_covers import MEASURED_PIXELS, Reason, not_cover_reasons
from kpop_assets.covers.decode import clean_picture
from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import StoredPictureError
from kpop_assets.store.stored_pictures import opened_picture

PARALLEL_PICTURES = 4
PICTURE_FIELDS = ("hash", "path", "width", "height", "bytes", "perceptual_hash")


def stored_picture(store: Store, content: bytes, comment: str) -> dict[str, object]:
    """Decode the bytes, store the picture re-encoded as JPEG, and return its `PICTURE_FIELDS`.

    `path` is relative to the store. Raises `UnreadablePictureError` and `StoreWriteError`.
    """
    clean = clean_picture(content, comment)
    name = store.add_picture(clean.jpeg)
    return {
        "hash": name,
        "path": store.picture(name).relative_to(store.root).as_posix(),
        "width": clean.width,
        "height": clean.height,
        "bytes": len(clean.jpeg),
        "perceptual_hash": perceptual_hash(clean.small_grey),
    }


def measured_reasons(store: Store, covers: pd.DataFrame) -> dict[str, list[Reason]]:
    """Return, by hash, why stored pictures may be no covers; most have no reason.

    `covers` has the columns hash, width and height. Each picture is decoded once, at about 256
    pixels; one that is gone or not as it was stored is left out.
    """

    def reasons(name: str, width: int, height: int) -> list[Reason] | None:
        with suppress(StoredPictureError):
            picture = opened_picture(store, name, MEASURED_PIXELS)
            return not_cover_reasons(picture, (width, height))
        return None

    distinct = covers.drop_duplicates("hash")
    columns = [distinct[name].tolist() for name in ("hash", "width", "height")]
    with ThreadPoolExecutor(PARALLEL_PICTURES) as pool:
        found = zip(columns[0], pool.map(reasons, *columns), strict=True)
        return {name: why for name, why in found if why is not None}


def stored_looks(store: Store, hashes: Iterable[str]) -> dict[str, Look]:
    """Return, by hash, the looks of stored pictures with little detail.

    Each picture is decoded once, at about 256 pixels; one that is gone or damaged is left
    out, so that its perceptual hash alone decides.
    """

    def look(name: str) -> Look | None:
        with suppress(StoredPictureError):
            return look_of(opened_picture(store, name, SEEN_PIXELS))
        return None

    distinct = list(dict.fromkeys(hashes))
    with ThreadPoolExecutor(PARALLEL_PICTURES) as pool:
        found = zip(distinct, pool.map(look, distinct), strict=True)
        return {name: seen for name, seen in found if seen is not None}
