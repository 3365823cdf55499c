"""Melodies: motifs of two bars that return and vary, over the chords of a phrase.

A line is the cheapest path through the scale: chord tones on strong beats, small steps, passing
tones left by step, a contour, and, where a motif returns, its own intervals again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kpop_assets.sample_world.songs import rhythms
from kpop_assets.sample_world.songs.chance import Dice
from kpop_assets.sample_world.songs.harmony import Chord, Harmony, Span, chord_at
from kpop_assets.sample_world.songs.rhythms import Energy, Rhythm

REACH = 8
"""So many steps of the scale a melody goes up and down from its centre."""
_LEAPS = np.array([0.6, 0.0, 0.4, 0.9, 1.1, 2.4, 3.2, 2.2] + [7.0] * (2 * REACH))
"""What an interval of so many steps of the scale costs."""
_CONTOURS = (
    (0, 3, 1, -1),
    (2, 1, 0, -2),
    (-2, 0, 2, 1),
    (0, -2, 0, 2),
    (3, 2, 0, -1),
    (-1, 2, -1, 0),
    (0, 1, 3, 4),
)
"""Shapes of two bars, in steps of the scale around the centre."""


def _turns() -> NDArray[np.float64]:
    """What three places in a row cost beside their intervals, (a, b, c) each of the ladder.

    To go to and fro between two tones is dull, a tone three times over too, and behind a leap one
    goes on by step, or back.
    """
    a, b, c = np.ogrid[: 2 * REACH + 1, : 2 * REACH + 1, : 2 * REACH + 1]
    to_and_fro = (a == c) & (abs(b - a) >= 1)
    leap_goes_on = (abs(b - a) >= 3) & (np.sign(b - a) == np.sign(c - b)) & (abs(c - b) >= 2)
    recovered = (abs(b - a) >= 3) & (np.sign(b - a) == -np.sign(c - b)) & (abs(c - b) <= 2)
    return 1.3 * to_and_fro + 0.9 * ((a == b) & (b == c)) + 1.2 * leap_goes_on - 0.4 * recovered


_TURNS = _turns()


class Note(NamedTuple):
    """A note: onset and duration in sixteenths, and pitch."""

    onset: int
    duration: int
    pitch: int


@dataclass(frozen=True)
class Singer:
    """Where a melody lies: the ladder of the scale's pitches around a centre."""

    key: Harmony
    centre: int

    def pitches(self, chord: Chord) -> NDArray[np.int64]:
        """Return the 2 * REACH + 1 pitches of the ladder, altered as the chord asks."""
        return np.array(_ladder(self.key.scale, self.centre, chord.altered))


@lru_cache(1024)
def _ladder(
    scale: tuple[int, ...], centre: int, altered: tuple[tuple[int, int], ...]
) -> tuple[int, ...]:
    below = [pitch for pitch in range(centre + 1) if pitch % 12 in scale][-REACH - 1 :]
    above = [pitch for pitch in range(centre + 1, 128) if pitch % 12 in scale][:REACH]
    other = dict(altered)
    return tuple(pitch + _signed(other.get(pitch % 12, pitch) - pitch) for pitch in below + above)


def _signed(semitones: int) -> int:
    return (semitones + 6) % 12 - 6


def _among(classes: NDArray[np.int64], tones: Sequence[int]) -> NDArray[np.bool_]:
    known = np.zeros(12, np.bool_)
    known[list(tones)] = True
    return known[classes]


def _line(
    dice: Dice,
    rhythm: Rhythm,
    chords: Sequence[Chord],
    singer: Singer,
    start: int,
    contour: Sequence[float],
    motif: Sequence[int],
    goals: Sequence[int],
) -> list[int]:
    """Return the places on the ladder of the notes of two bars.

    `start` is the place before; `motif` are the intervals to keep, as far as it goes; `goals` are
    the pitch classes that the last note should have, any if empty.
    """
    size = 2 * REACH + 1
    places = np.arange(size)
    strides = abs(places[None, :] - places[:, None])
    back: list[NDArray[np.int64]] = []
    costs = np.full((size, size), np.inf)
    costs[start] = 0.5 * _LEAPS[abs(places - start)]
    outside_before = np.zeros(size)
    for number, ((onset, duration), chord) in enumerate(zip(rhythm, chords, strict=True)):
        classes = singer.pitches(chord) % 12
        outside = ~_among(classes, chord.tones)
        rubs = _among((classes - 1) % 12, chord.tones) & outside
        weight = 0.1 + 1.0 * (onset % 4 == 0) + 1.4 * (onset % 8 == 0) + 0.4 * max(0, duration - 2)
        own = (outside + 0.5 * rubs) * weight
        own += 0.3 * abs(places - REACH - contour[number]) + 0.8 * dice.rng.random(size)
        if goals and number == len(rhythm) - 1:
            own += 6.0 * ~_among(classes, goals) + 2.0 * outside
        if number == 0:
            costs = costs + own
        else:
            move = _LEAPS[strides] + 3.0 * outside_before[:, None] * (strides != 1)
            move += 1.2 * outside * (strides > 1) + own
            if number <= len(motif):
                move += 1.1 * np.minimum(
                    abs(places[None, :] - places[:, None] - motif[number - 1]), 3
                )
            total = costs[:, :, None] + _TURNS + move
            back.append(total.argmin(axis=0))
            costs = total.min(axis=0)
        outside_before = outside.astype(float)
    before, last = np.unravel_index(int(costs.argmin()), costs.shape)
    path = [int(last), int(before)]
    for came_from in reversed(back):
        path.append(int(came_from[path[-1], path[-2]]))
    return path[: len(rhythm)][::-1]


def sung(
    dice: Dice,
    spans: Sequence[Span],
    singer: Singer,
    energy: Energy,
    bar: int,
    closed: bool,
) -> list[Note]:
    """Return the melody of a phrase of 4, 8 or 16 bars.

    Its motifs stand in the order of _PLANS; a closed phrase ends on the tonic, an open one on the
    second, fifth or seventh degree.
    """
    units = (spans[-1].onset + spans[-1].length) // (2 * bar)
    signs = {name: rhythms.opening(dice, energy, bar) for name in "mn"}
    contours = {name: dice.pick(_CONTOURS) for name in "mne"}
    signs["e"] = rhythms.close(dice, signs[dice.pick("mn")], bar)
    pushed = {name: energy != "calm" and dice.chance(0.5) for name in "mne"}
    motifs: dict[str, list[int]] = {}
    scale = singer.key.scale
    place, melody = REACH, []
    for number, name in enumerate(_plan(dice, units)):
        rhythm = rhythms.notes(signs[name], bar, pushed[name])
        first = number * 2 * bar
        chords = [chord_at(spans, first + _heard(onset, bar)) for onset, _ in rhythm]
        last = number == units - 1
        goals = [scale[0]] if closed else [scale[1], scale[4], scale[6]]
        shape = np.interp(
            [onset / (2 * bar) for onset, _ in rhythm], [0, 0.3, 0.65, 1], contours[name]
        )
        path = _line(
            dice,
            rhythm,
            chords,
            singer,
            place,
            shape.tolist(),
            motifs.get(name, []),
            goals if last else [],
        )
        motifs.setdefault(name, np.diff(path).tolist())
        place = path[-1]
        melody += [
            Note(first + onset, duration, int(singer.pitches(chord)[step]))
            for (onset, duration), chord, step in zip(rhythm, chords, path, strict=True)
        ]
    return melody


def _plan(dice: Dice, units: int) -> str:
    """The motifs of a phrase by their letters; e comes to rest."""
    short = dice.pick(("mmne", "mnme", "mmme", "mnne"))
    return {1: "e", 2: "me", 4: short, 8: dice.pick(("mmnmmmne", "mnmnmmne", "mnmemnme"))}[units]


def _heard(onset: int, bar: int) -> int:
    """The onset whose chord a note belongs to: one pushed ahead of a bar belongs to the bar."""
    return onset + 2 if onset % bar == bar - 2 else onset


def varied(
    dice: Dice, melody: Sequence[Note], spans: Sequence[Span], key: Harmony, amount: float
) -> list[Note]:
    """Return a melody told again: some long notes get a neighbour, some short ones are left out."""
    result: list[Note] = []
    for note, after in zip(melody, [*melody[1:], None], strict=True):
        if after and note.duration in (4, 6, 8) and dice.chance(amount):
            half = 2 if note.duration < 8 or dice.chance(0.5) else 4
            chord = chord_at(spans, note.onset)
            scale = {dict(chord.altered).get(tone, tone) for tone in key.scale}
            upward = after.pitch > note.pitch or (after.pitch == note.pitch and dice.chance(0.5))
            pitch = note.pitch + (1 if upward else -1)
            while pitch % 12 not in scale:
                pitch += 1 if upward else -1
            result.append(Note(note.onset, note.duration - half, note.pitch))
            result.append(Note(note.onset + note.duration - half, half, pitch))
        elif result and note.duration <= 2 and note.onset % 4 and dice.chance(amount / 2):
            before = result[-1]
            if before.onset + before.duration == note.onset:
                result[-1] = before._replace(duration=before.duration + note.duration)
        else:
            result.append(note)
    return result
