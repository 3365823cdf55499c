"""What one does with the network of songs outside of the pipeline: compose, hear, see."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kpop_assets.errors import KpopAssetsError
from kpop_assets.settings import Settings
from kpop_assets.songs.keys import KeyNameError, key_named, key_of
from kpop_assets.songs.midi.reading import FASTEST_BPM, MOST_BYTES, SLOWEST_BPM, read_song
from kpop_assets.songs.midi.writing import midi_bytes
from kpop_assets.songs.song import Song
from kpop_assets.songs.tokens import encoded
from kpop_assets.store.artifacts import Store
from kpop_assets.store.files import atomic_file
from kpop_assets.user_files.regular_files import read_regular_file

if TYPE_CHECKING:
    from PIL import Image

    from kpop_assets.songs.showing.rendering import Rendering

USUAL_BPM = 104.0
BEGIN_BARS = 4
_BAR = 16

__all__ = ["ComposeError", "Composed", "KeyNameError", "compose", "song_format"]


class ComposeError(KpopAssetsError):
    """A song was asked for that cannot be made or written."""


@dataclass(frozen=True)
class Composed:
    """A song that the network wrote, and the seed that writes it again."""

    song: Song
    seed: int

    @property
    def midi(self) -> bytes:
        """The song as a MIDI file, with its tempo."""
        return midi_bytes(self.song)

    @property
    def key(self) -> str:
        """The key that its notes are in, such as A minor."""
        return key_of(self.song).name

    @property
    def picture(self) -> "Image.Image":
        """Its piano roll, as a picture of Pillow's."""
        from PIL import Image

        from kpop_assets.songs.showing.piano_roll import roll_pixels

        return Image.fromarray(roll_pixels(self.song))

    def sound(self) -> "Rendering":
        """Return it as sound: by fluidsynth and a soundfont where both are there, or our piano."""
        from kpop_assets.songs.showing.rendering import found_synthesizer, rendered

        return rendered(self.song, self.midi, found_synthesizer())

    def save(self, path: str | Path) -> Path:
        """Write it as the ending of `path` says, .mid, .ogg or .png; return the path.

        Raises ComposeError for another ending, StoreWriteError when the disk refuses.
        """
        path = Path(path)
        content = FORMATS[song_format(path)](self)
        with atomic_file(path) as file:
            file.write(content)
        return path


def _png(composed: Composed) -> bytes:
    from kpop_assets.songs.showing.piano_roll import roll_png

    return roll_png(composed.song)


FORMATS: Mapping[str, Callable[[Composed], bytes]] = {
    ".mid": lambda composed: composed.midi,
    ".ogg": lambda composed: composed.sound().ogg(),
    ".png": _png,
}
"""How a song is written, by the ending of the file."""


def song_format(path: Path) -> str:
    """Return the ending of a file that a song can be written to; raises ComposeError."""
    if path.suffix not in FORMATS:
        raise ComposeError(
            f"expected a file that ends in {', '.join(FORMATS)}, got {path.name}; rename it"
        )
    return path.suffix


def compose(
    bars: int = 32,
    seed: int = 0,
    key: str | None = None,
    bpm: float | None = None,
    temperature: float = 1.0,
    top_p: float = 0.98,
    begin: Song | str | Path | None = None,
    begin_bars: int = BEGIN_BARS,
    store: str | Path | None = None,
) -> Composed:
    """Return a song of `bars` bars of four beats, the same for the same seed and network.

    `key` is a name such as "A minor", "F#" or "Bbm" (see models/songs/composing.py). `bpm` is the
    tempo, that of `begin` or USUAL_BPM unless given. The higher the `temperature`, the more daring;
    `top_p` is how much of the likelihood is chosen from. The song goes on from the first
    `begin_bars` bars of `begin`, a song or a MIDI file, which keep their key. `store` is the folder
    of artifacts, that of the settings unless given.

    Raises ComposeError, KeyNameError, UnusableFileError or SongError for a `begin` that is no song,
    SongSettingError, MissingArtifactError when song_model was never made, DamagedArtifactError.
    """
    asked = None if key is None else key_named(key)
    opening = _opening(begin, begin_bars) if begin is not None else None
    chosen_bpm = bpm if bpm is not None else opening.bpm if opening else USUAL_BPM
    if not SLOWEST_BPM <= chosen_bpm <= FASTEST_BPM:
        raise ComposeError(
            f"expected a tempo from {SLOWEST_BPM} to {FASTEST_BPM:,} beats a minute, got {bpm}; "
            f"{USUAL_BPM:g} is usual"
        )
    from kpop_assets.models.songs.published import trained_song_network

    root = store if store is not None else Settings.from_environment().store
    network = trained_song_network(Store(root))

    from kpop_assets.models.songs.composing import composed
    from kpop_assets.models.songs.generation import SongWish

    wish = SongWish(
        bars=bars,
        temperature=temperature,
        top_p=top_p,
        key=asked,
        begin=encoded(opening.notes) if opening else None,
    )
    return Composed(composed(network, wish, seed, chosen_bpm), seed)


def _opening(begin: Song | str | Path, bars: int) -> Song:
    """Return the first bars of a song, or of the song in a MIDI file."""
    if bars < 1:
        raise ComposeError(f"expected a beginning of 1 bar or more, got {bars}")
    if not isinstance(begin, Song):
        begin = read_song(read_regular_file(Path(begin), MOST_BYTES))
    notes = begin.notes[begin.notes[:, 0] < bars * _BAR]
    if not len(notes):
        raise ComposeError(
            f"expected notes in the first {bars} bars of the beginning, got none; take more bars"
        )
    return Song(notes, begin.bpm, begin.tempo_from, begin.bar)
