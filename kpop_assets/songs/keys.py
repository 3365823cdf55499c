"""In which key a song is, by the profiles of Krumhansl and Kessler.

C. L. Krumhansl, Cognitive Foundations of Musical Pitch, 1990, chapter 4: how long each pitch class
sounds is correlated with how well listeners found it to fit into each of the 24 keys.
"""

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np

from kpop_assets.errors import KpopAssetsError
from kpop_assets.songs.song import Song

Mode = Literal["major", "minor"]
PROFILES: dict[Mode, tuple[float, ...]] = {
    "major": (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
    "minor": (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
}
NAMES: dict[Mode, tuple[str, ...]] = {
    "major": ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"),
    "minor": ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B"),
}
STEPS: dict[Mode, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
}
"""The scale of a mode, in semitones above its tonic."""
_WRITTEN = re.compile(r"([a-g])([#♯b♭]?)\s*(m|min|minor|maj|major|)", re.IGNORECASE)
_NATURAL = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_RAISED = {"": 0, "#": 1, "♯": 1, "b": -1, "♭": -1}


class KeyNameError(KpopAssetsError):
    """What was written is no key."""


@dataclass(frozen=True)
class Key:
    """A key: its tonic as a pitch class (0 is C), its mode, and how certain it is.

    `certainty` is by how much its correlation is above that of the next best key: 0 where two keys
    fit equally well, above 0.1 where there is little doubt.
    """

    tonic: int
    mode: Mode = "major"
    certainty: float = 1.0

    @property
    def name(self) -> str:
        """The key as people write it, such as A minor."""
        return f"{NAMES[self.mode][self.tonic]} {self.mode}"

    @property
    def scale(self) -> tuple[int, ...]:
        """The seven pitch classes of the scale, the tonic first."""
        return tuple((self.tonic + step) % 12 for step in STEPS[self.mode])


def key_named(name: str) -> Key:
    """Return the key that people write as A minor, Am, Bb, F# major and the like, with certainty 1.

    Raises KeyNameError.
    """
    written = _WRITTEN.fullmatch(name.strip())
    if written is None:
        raise KeyNameError(f"expected a key such as A minor, F# major or Bb, got {name!r}")
    letter, accidental, mode = (part.lower() for part in written.groups())
    tonic = (_NATURAL[letter] + _RAISED[accidental]) % 12
    return Key(tonic, "minor" if mode in ("m", "min", "minor") else "major")


def key_of(song: Song) -> Key:
    """Return the key of a song; the certainty of one without notes or of all alike is 0."""
    sounding = np.bincount(song.notes[:, 2] % 12, song.notes[:, 1], 12)
    keys: list[tuple[Mode, int]] = [(mode, tonic) for mode in PROFILES for tonic in range(12)]
    profiles = np.array([np.roll(PROFILES[mode], tonic) for mode, tonic in keys])
    profiles -= profiles.mean(axis=1, keepdims=True)
    profiles /= np.linalg.norm(profiles, axis=1, keepdims=True)
    spread = sounding - sounding.mean()
    fits = profiles @ spread / max(float(np.linalg.norm(spread)), 1e-9)
    *_, second, best = np.argsort(fits, stable=True)
    mode, tonic = keys[best]
    return Key(tonic, mode, float(fits[best] - fits[second]))
