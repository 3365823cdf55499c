"""A song made heard: by fluidsynth and a soundfont where both are there, else by our piano."""

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from kpop_assets.songs.showing.ogg import ogg_bytes
from kpop_assets.songs.showing.sound import SAMPLE_RATE, Samples, length_of, levelled, sound
from kpop_assets.songs.song import Song

SOUNDFONT_FOLDER = Path("/usr/share/sounds/sf2")
"""Where Debian's packages put soundfonts."""
_USUAL = "default-GM.sf2"
_SECONDS_ALLOWED = 120


@dataclass(frozen=True)
class Rendering:
    """Samples, float32 (N,) from -1 to 1, `rate` of them a second, and what they were made by."""

    samples: Samples
    rate: int
    made_by: str

    def ogg(self) -> bytes:
        """Return the sound as Ogg Vorbis."""
        return ogg_bytes(self.samples, self.rate)


@dataclass(frozen=True)
class Synthesizer:
    """The program fluidsynth, and a soundfont for it."""

    program: Path
    soundfont: Path


def found_synthesizer(folder: Path = SOUNDFONT_FOLDER) -> Synthesizer | None:
    """Return fluidsynth with the usual soundfont of a folder, or its first one; None without."""
    program = shutil.which("fluidsynth")
    fonts = sorted(folder.glob("*.sf2"), key=lambda font: (font.name != _USUAL, font.name))
    fonts = [font for font in fonts if font.is_file()]
    return Synthesizer(Path(program), fonts[0]) if program and fonts else None


def rendered(
    song: Song,
    midi: bytes,
    synthesizer: Synthesizer | None = None,
    sample_rate: int = SAMPLE_RATE,
) -> Rendering:
    """Return a song as sound; `midi` are the bytes of the same song as a MIDI file.

    A synthesizer plays the MIDI file. Without one, or where it fails, our piano plays the song, and
    `made_by` says so. Either way the length, the level and the end are those of `sound`.
    """
    if synthesizer is not None:
        played = _played(midi, synthesizer, sample_rate)
        if played is not None:
            fitted = np.zeros(length_of(song, sample_rate), np.float32)
            count = min(len(fitted), len(played))
            fitted[:count] = played[:count]
            made_by = f"fluidsynth with {synthesizer.soundfont.name}"
            return Rendering(levelled(fitted, sample_rate), sample_rate, made_by)
    failed = "" if synthesizer is None else ", because fluidsynth failed"
    return Rendering(sound(song, sample_rate), sample_rate, f"additive piano{failed}")


def _played(midi: bytes, synthesizer: Synthesizer, sample_rate: int) -> Samples | None:
    """What the synthesizer makes of a MIDI file, float32 (N,); None where it makes nothing."""
    with tempfile.TemporaryDirectory() as folder:
        score, wave = Path(folder) / "song.mid", Path(folder) / "song.wav"
        score.write_bytes(midi)
        options = ["-ni", "-q", "-g", "0.8", "-r", str(sample_rate), "-T", "wav", "-F", str(wave)]
        command = [str(synthesizer.program), *options, str(synthesizer.soundfont), str(score)]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS_ALLOWED)
            samples, rate = soundfile.read(wave, dtype="float32", always_2d=True)
        except (OSError, subprocess.SubprocessError, soundfile.SoundFileError):
            return None
    mono = samples.mean(axis=1, dtype=np.float32)
    return mono if rate == sample_rate and np.abs(mono).max(initial=0) > 0 else None
