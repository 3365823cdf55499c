"""Keys, chords and the progressions of pop songs."""

from collections.abc import Sequence
from dataclasses import dataclass

from kpop_assets.songs.keys import Key, Mode

"""The scales: semitones above the tonic."""

_MAJOR, _MINOR, _SEVENTH = (0, 4, 7), (0, 3, 7), (0, 4, 7, 10)
_MAJOR_7, _MINOR_7, _HALF_DIMINISHED = (0, 4, 7, 11), (0, 3, 7, 10), (0, 3, 6, 10)
_CHORDS: dict[str, tuple[int, tuple[int, ...]]] = {
    "I": (0, _MAJOR),
    "Imaj7": (0, _MAJOR_7),
    "ii": (2, _MINOR),
    "ii7": (2, _MINOR_7),
    "iii": (4, _MINOR),
    "iii7": (4, _MINOR_7),
    "V7/vi": (4, _SEVENTH),
    "V7/V": (2, _SEVENTH),
    "V7/IV": (0, _SEVENTH),
    "IV": (5, _MAJOR),
    "IVmaj7": (5, _MAJOR_7),
    "V": (7, _MAJOR),
    "V7": (7, _SEVENTH),
    "Vsus": (7, (0, 5, 7)),
    "vi": (9, _MINOR),
    "vi7": (9, _MINOR_7),
    "bVII": (10, _MAJOR),
    "i": (0, _MINOR),
    "i7": (0, _MINOR_7),
    "iiø": (2, _HALF_DIMINISHED),
    "III": (3, _MAJOR),
    "V7/iv": (0, _SEVENTH),
    "iv": (5, _MINOR),
    "iv7": (5, _MINOR_7),
    "v": (7, _MINOR),
    "VI": (8, _MAJOR),
    "VImaj7": (8, _MAJOR_7),
    "VII": (10, _MAJOR),
}

PROGRESSIONS: dict[Mode, tuple[str, ...]] = {
    "major": (
        "I V vi IV",
        "vi IV I V",
        "I vi IV V",
        "I vi ii7 V7",
        "IVmaj7 V iii7 vi",
        "IV V,V7/vi vi I",
        "I iii7 IV V",
        "I V/3 vi I/5",
        "ii7 V7 Imaj7 vi7",
        "IVmaj7 iii7 ii7 V",
        "I IV vi V",
        "I V7/vi vi IV",
        "I V7/IV IV iv",
    ),
    "minor": (
        "i VI III VII",
        "i VII VI V",
        "i iv VII III",
        "VImaj7 VII i i7",
        "i v VI VII",
        "iv VII III VI",
        "i i7/7 VI V7",
        "i III VII VI",
        "i iv iiø V7",
        "VI VII v i",
    ),
}
"""Four bars each; two chords of a bar are joined by a comma, a bass that is no root by a stroke."""

BRIDGES: dict[Mode, tuple[str, ...]] = {
    "major": (
        "vi iii7 IV I vi iii7 V7/V V7",
        "IV iv I V7/IV IV iv ii7,Vsus V7",
        "ii7 iii7 IV V vi V/3 IV V7",
        "bVII IV I I bVII IV Vsus V7",
        "IVmaj7 V iii7 vi ii7 V7/V Vsus V7",
    ),
    "minor": (
        "VI VII III III iv iiø V V7",
        "iv VII III VI iiø V7 VI V7",
        "III VII iv VI III VII iiø V7",
        "VImaj7 v iv7 i VImaj7 VII V V7",
    ),
}
CADENCES: dict[Mode, dict[str, tuple[str, ...]]] = {
    "major": {
        "half": ("IV V", "ii7 V", "ii7 Vsus,V7", "V7/V V7"),
        "full": ("ii7,V7 I", "IV,V7 I", "Vsus,V7 I", "iv,V7 I"),
    },
    "minor": {
        "half": ("iv V", "VI V7", "iiø V7", "VI VII"),
        "full": ("iiø,V7 i", "iv,V7 i", "VI,V7 i", "V,V7 i"),
    },
}
"""The last two bars of a phrase: open, or closed by the tonic."""
ENDINGS: dict[Mode, tuple[str, ...]] = {
    "major": ("IV iv I I", "IVmaj7 Vsus,V7 I I", "ii7 V7 I I", "vi IV,V7 I I"),
    "minor": ("iv V7 i i", "VImaj7 VII i i", "iiø V7 i i", "VI V,V7 i i"),
}
"""The last four bars of a song."""


@dataclass(frozen=True)
class Chord:
    """A chord of a key: pitch classes, the root first, the one in the bass, and what it alters.

    `altered` are the degrees of the scale that a chord from outside the key replaces, by pitch
    class: the leading tone of a dominant in minor, for example.
    """

    tones: tuple[int, ...]
    bass: int
    altered: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Span:
    """A chord and when it sounds: its onset and length in sixteenths."""

    onset: int
    length: int
    chord: Chord


class Harmony(Key):
    """The chords of a key."""

    def chord(self, name: str) -> Chord:
        """Return a chord by its roman numeral, as the tables of this module write it."""
        numeral, stroke, bass = name.rpartition("/")
        if not stroke or name in _CHORDS:
            numeral, bass = name, ""
        root, intervals = _CHORDS[numeral]
        tones = tuple((self.tonic + root + interval) % 12 for interval in intervals)
        raised = 4 if 4 in intervals else -1
        altered = tuple(
            ((tone - 1 if interval == raised else tone + 1) % 12, tone)
            for tone, interval in zip(tones, intervals, strict=True)
            if tone not in self.scale
        )
        place = {"": 0, "3": 1, "5": 2, "7": 3}[bass]
        return Chord(tones, tones[place], altered)

    def spans(self, bars: Sequence[str], bar: int) -> list[Span]:
        """Return the chords of bars, each one name or two joined by a comma, from onset 0 on."""
        spans = []
        for number, names in enumerate(bars):
            first, _, second = names.partition(",")
            cut = (bar // 8 if bar % 8 == 0 else 2) * 4 if second else bar
            spans.append(Span(number * bar, cut, self.chord(first)))
            if second:
                spans.append(Span(number * bar + cut, bar - cut, self.chord(second)))
        return spans


def chord_at(spans: Sequence[Span], onset: int) -> Chord:
    """Return the chord that sounds at an onset, the last one behind the end."""
    for span in spans:
        if onset < span.onset + span.length:
            return span.chord
    return spans[-1].chord
