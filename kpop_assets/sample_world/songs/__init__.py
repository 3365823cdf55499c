"""Piano songs composed from a seed, in known keys, tempi and forms: songs without a composer."""

from dataclasses import dataclass
from typing import Literal

from kpop_assets.sample_world.artwork.names import fictional_release
from kpop_assets.sample_world.songs.chance import Dice
from kpop_assets.sample_world.songs.composing import ENDING, Composer
from kpop_assets.sample_world.songs.forms import FORMS, ORDER, STYLES, Part
from kpop_assets.sample_world.songs.harmony import Harmony
from kpop_assets.songs.keys import Mode
from kpop_assets.songs.song import Song

SAMPLE_SONGS = 60
SEED = 16
ArtistType = Literal["boy", "girl", "mixed"]
_TYPES: tuple[ArtistType, ...] = ("girl", "boy", "girl", "boy", "mixed")
_MAJOR_SHARE: dict[ArtistType, float] = {"girl": 0.75, "boy": 0.5, "mixed": 0.65}
"""How many songs of an artist type are in major: a tendency that the sample world invents."""


@dataclass(frozen=True)
class SampleSong:
    """A song and what is known of it, because it was asked for.

    `tonic` is a pitch class (0 is C). `form` names an entry of FORMS, `sections` its parts with
    their bars, the ending included. Where `rise` is not 0, the last section and the ending are so
    many semitones higher; the key is that of the rest.
    """

    title: str
    artist: str
    artist_type: ArtistType
    song: Song
    tonic: int
    mode: Mode
    bpm: int
    style: str
    form: str
    sections: tuple[Part, ...]
    rise: int


def sample_songs(count: int = SAMPLE_SONGS, seed: int = SEED) -> tuple[SampleSong, ...]:
    """Return songs of 32 to 68 bars; one of a number is the same whatever the count."""
    names: dict[str, str] = {}
    release = 300_000 + 10_000 * seed
    while len(names) < count:
        artist, title = fictional_release(release)
        names.setdefault(title, artist)
        release += 1
    return tuple(
        _sample_song(seed, number, artist, title)
        for number, (title, artist) in enumerate(names.items())
    )


def _sample_song(seed: int, number: int, artist: str, title: str) -> SampleSong:
    dice = Dice(seed, number)
    artist_type = _TYPES[number % len(_TYPES)]
    mode: Mode = "major" if dice.chance(_MAJOR_SHARE[artist_type]) else "minor"
    name = ORDER[number % len(ORDER)]
    style = STYLES[name]
    forms = [form for form in FORMS if form != "AABA" or name in ("ballad", "waltz", "mid-tempo")]
    form = dice.pick(forms)
    key = Harmony(dice.between(0, 11), mode)
    bpm = dice.between(*style.bpm)
    rise = dice.pick((1, 2)) if len(FORMS[form]) > 6 and dice.chance(0.25) else 0
    return SampleSong(
        title=title,
        artist=artist,
        artist_type=artist_type,
        song=Composer(dice, key, style).song(FORMS[form], float(bpm), rise),
        tonic=key.tonic,
        mode=mode,
        bpm=bpm,
        style=name,
        form=form,
        sections=(*FORMS[form], ("ending", ENDING)),
        rise=rise,
    )
