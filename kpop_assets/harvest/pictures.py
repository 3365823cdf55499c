"""Pictures on their way into the store, and a look at those that lie there."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

import pandas as pd

from kpop_assets.covers.curating.fingerprint import perceptual_hash
from kpop_assets.covers.curating.looks import SEEN_PIXELS, Look, look_of
from kpop_assets.covers.curating.not_covers import MEASURED_PIXELS, Reason, not_cover_reasons
from kpop_assets.covers.decode import clean_picture
from kpop_assets.covers.parallel import in_parallel
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


class Examined(NamedTuple):
    """What a stored picture shows.

    `look` is that of a picture with little detail, `reasons` say why a general one may be no cover,
    and `damage` why it cannot be used.
    """

    look: Look | None = None
    reasons: list[Reason] | None = None
    damage: str | None = None


def examined(
    store: Store, covers: pd.DataFrame, general: Collection[str]
) -> Iterator[tuple[str, Examined]]:
    """Look at stored pictures, each decoded once, at about 256 pixels; yield hash and finding.

    `covers` has the columns hash, width and height. Only those of `general` are asked whether they
    are covers; most have an empty list of reasons.
    """

    def examine(named: tuple[str, int, int]) -> tuple[str, Examined]:
        name, width, height = named
        try:
            picture = opened_picture(store, name, max(SEEN_PIXELS, MEASURED_PIXELS))
        except StoredPictureError as error:
            return name, Examined(damage=error.reason)
        is_general = name in general
        reasons = not_cover_reasons(picture, (width, height)) if is_general else None
        return name, Examined(look_of(picture), reasons)

    distinct = covers.drop_duplicates("hash")[["hash", "width", "height"]]
    return in_parallel(examine, distinct.itertuples(index=False, name=None), PARALLEL_PICTURES)
