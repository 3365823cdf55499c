"""The error for what is no song."""

from kpop_assets.errors import KpopAssetsError


class SongError(KpopAssetsError):
    """The bytes are no song that can be used; `reason` says why in a few words."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"expected a MIDI file with the notes of a song, but {reason}; remove the file or save "
            "it again as MIDI"
        )
        self.reason = reason
