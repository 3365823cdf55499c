"""Covers of the store as the gallery page shows them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kpop_assets.covers.showing.addresses import picture_address
from kpop_assets.covers.square import squared
from kpop_assets.insight.gallery.content import ShownCover
from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import StoredPictureError
from kpop_assets.store.stored_pictures import opened_picture


@dataclass(frozen=True)
class CoverPictures:
    """The pictures of a store, each read once for a size; `names` says what they are covers of.

    `left_out` gets a sentence for each that cannot be shown.
    """

    store: Store
    names: Mapping[str, str]
    left_out: list[str]
    _read: dict[tuple[str, int], str | None] = field(default_factory=dict)

    def alt(self, name: str) -> str:
        """Return what a picture, by its hash, is a cover of."""
        return self.names.get(name, f"cover {name[:12]}")

    def address(self, name: str, pixels: int) -> str | None:
        """Return a picture as an address of data, square; None where it cannot be shown."""
        if (name, pixels) not in self._read:
            self._read[name, pixels] = self._address(name, pixels)
        return self._read[name, pixels]

    def shown(self, name: str, pixels: int) -> ShownCover | None:
        """Return a picture with what it is of; None where it cannot be shown."""
        address = self.address(name, pixels)
        return None if address is None else ShownCover(address, self.alt(name))

    def _address(self, name: str, pixels: int) -> str | None:
        try:
            picture = opened_picture(self.store, name, pixels)
        except StoredPictureError as error:
            self.left_out.append(f"the cover {name[:12]}: {error.reason}")
            return None
        return picture_address(squared(picture, pixels), pixels)
