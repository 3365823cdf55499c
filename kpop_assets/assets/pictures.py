"""Pictures on their way into the store."""

from kpop_assets.covers.decode import decoded_cover, stored_jpeg
from kpop_assets.covers.fingerprint import perceptual_hash
from kpop_assets.store import Store

PICTURE_FIELDS = ("hash", "path", "width", "height", "bytes", "perceptual_hash")


def stored_picture(store: Store, content: bytes, comment: str) -> dict[str, object]:
    """Decode the bytes, store the picture re-encoded as JPEG, and return its `PICTURE_FIELDS`.

    `path` is relative to the store. Raises `UnreadablePictureError` and `StoreWriteError`.
    """
    image = decoded_cover(content)
    jpeg = stored_jpeg(image, comment)
    name = store.add_picture(jpeg)
    return {
        "hash": name,
        "path": store.picture(name).relative_to(store.root).as_posix(),
        "width": image.width,
        "height": image.height,
        "bytes": len(jpeg),
        "perceptual_hash": perceptual_hash(image),
    }
