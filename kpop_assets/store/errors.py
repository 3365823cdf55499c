"""What can go wrong with the artifacts of the store."""

from typing import TYPE_CHECKING

from kpop_assets.errors import KpopAssetsError

if TYPE_CHECKING:
    from kpop_assets.store.paths import AnyPath


class StoreWriteError(KpopAssetsError):
    """The store cannot be written; `reason` says why."""

    def __init__(self, path: "AnyPath", error: OSError) -> None:
        self.reason = str(error.strerror or error)
        super().__init__(
            f"expected to write {path}, but {self.reason}; free disk space, check the "
            "permissions, or set KPOP_STORE to another folder (what stood there is untouched)"
        )


class NoObjectStoreError(KpopAssetsError):
    """The store lies in an object store, and what reaches it is not installed."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"expected s3fs for the store {where}, but it is not installed; run make cluster, or "
            "set KPOP_STORE to a folder"
        )


class MissingArtifactError(KpopAssetsError):
    """An artifact that a step reads does not exist (yet)."""

    def __init__(self, path: "AnyPath", asset: str) -> None:
        super().__init__(f"expected {path}, but it does not exist; materialize {asset} first")
        self.asset = asset


class DamagedArtifactError(KpopAssetsError):
    """An artifact that a step reads is not as it was written."""

    def __init__(self, path: "AnyPath", asset: str, error: Exception | str) -> None:
        super().__init__(
            f"expected {path} as it was written, but it is damaged ({error}); "
            f"materialize {asset} again"
        )
        self.reason = str(error)
        self.asset = asset


class UnreadableArtifactError(DamagedArtifactError):
    """An artifact is there, but the system does not let it be read."""

    def __init__(self, path: "AnyPath", asset: str, error: OSError) -> None:
        KpopAssetsError.__init__(
            self,
            f"expected to read {path}, but {error.strerror or error}; check its permissions and "
            f"the disk, or remove it and materialize {asset} again",
        )
        self.reason = str(error.strerror or error)
        self.asset = asset


class StoredPictureError(KpopAssetsError):
    """A picture of the store is gone or is not the one that was stored; `reason` says which."""

    def __init__(self, path: "AnyPath", reason: str) -> None:
        super().__init__(
            f"expected the picture {path} as it was stored, but {reason}; materialize the asset "
            "that found it again: melon_covers, crawled_covers or folder_covers"
        )
        self.reason = reason


class FolderBusyError(KpopAssetsError):
    """Another run works in a folder that one run at a time may use."""
