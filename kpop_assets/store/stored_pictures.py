"""Pictures of the store opened: compared with their hash, and as JPEG only."""

import io
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from PIL import Image

from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import StoredPictureError

PARALLEL_PICTURES = 4


def opened_picture(store: Store, name: str, at_least: int | None = None) -> Image.Image:
    """Return the stored picture with that content hash as RGB, decoded.

    With `at_least` it may be decoded smaller, with that many pixels a side or more. Raises
    `StoredPictureError` when it is gone, another one or no JPEG that can be decoded.
    """
    content = store.picture_content(name)
    try:
        picture = Image.open(io.BytesIO(content), formats=("JPEG",))
        if at_least is not None:
            picture.draft("RGB", (at_least, at_least))
        return picture.convert("RGB")
    except Exception as error:  # Pillow's readers raise many kinds on damaged data
        why = f"it is no JPEG that can be decoded ({error})"
        raise StoredPictureError(store.picture(name), why) from error


def damaged_pictures(store: Store, names: Iterable[str]) -> dict[str, str]:
    """Return, by hash, why stored pictures cannot be used: those that are gone or other ones."""

    def reason(name: str) -> str | None:
        try:
            store.picture_content(name)
        except StoredPictureError as error:
            return error.reason
        return None

    distinct = list(dict.fromkeys(names))
    with ThreadPoolExecutor(PARALLEL_PICTURES) as pool:
        found = zip(distinct, pool.map(reason, distinct), strict=True)
        return {name: why for name, why in found if why is not None}
