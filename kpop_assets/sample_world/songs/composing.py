"""A song from its plan: sections are made once, and told again with variations."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kpop_assets.sample_world.songs import textures
from kpop_assets.sample_world.songs.chance import Dice
from kpop_assets.sample_world.songs.forms import LOUD, TRANSITIONS, Part, Style
from kpop_assets.sample_world.songs.harmony import (
    BRIDGES,
    CADENCES,
    ENDINGS,
    PROGRESSIONS,
    Harmony,
    Span,
)
from kpop_assets.sample_world.songs.melody import Note, Singer, sung, varied
from kpop_assets.songs.song import Song, in_order

ENDING = 4
"""The bars of an ending."""


@dataclass(frozen=True)
class _Section:
    """A section as it is made once: chords and melody from onset 0, and what the hands play."""

    spans: list[Span]
    melody: list[Note]
    left: str
    right: str
    fill: list[Note]


class Composer:
    """Writes one song in a key and a style."""

    def __init__(self, dice: Dice, key: Harmony, style: Style) -> None:
        self.dice = dice
        self.key = key
        self.style = style
        self.bar = style.bar
        self.progressions = {
            loud: dice.pick(PROGRESSIONS[key.mode]).split() for loud in (False, True)
        }
        centre = min(range(67, 79), key=lambda pitch: (pitch - key.tonic - 7) % 12)
        self.centre = centre if centre <= 73 else centre - 5
        self.variation = dice.pick((0.0, 0.05, 0.15))

    def song(self, parts: Sequence[Part], bpm: float, rise: int) -> Song:
        """Return the song of these sections and an ending; the last section is `rise` higher."""
        made: dict[str, _Section] = {}
        notes: list[Note] = []
        onset = 0
        for number, (name, bars) in enumerate(parts):
            again = name in made
            if not again:
                made[name] = self._section(name, bars)
            section = self._again(made[name], name) if again else made[name]
            last = number == len(parts) - 1
            if last and again:
                section = self._grown(section)
            played = self._intro(section) if name == "intro" else self._played(section, last)
            notes += _moved(played, onset, rise if last else 0)
            onset += bars * self.bar
        notes += _moved(self._ending(made[parts[-1][0]]), onset, rise)
        return Song(_on_grid(notes), bpm, "file", self.bar)

    def _section(self, name: str, bars: int) -> _Section:
        loud = name in LOUD
        names = self._chords(name, bars)
        spans = self.key.spans(names, self.bar)
        centre = self.centre + (3 if loud else 0) - (2 if name == "verse" else 0)
        melody = sung(
            self.dice,
            spans,
            Singer(self.key, centre),
            self.style.energy[loud],
            self.bar,
            closed=name not in TRANSITIONS,
        )
        left = self.dice.pick(self.style.left[loud])
        right = self.dice.pick(self.style.right[loud])
        return _Section(spans, melody, left, right, self._fill(melody, spans))

    def _fill(self, melody: list[Note], spans: list[Span]) -> list[Note]:
        wanted = self.dice.chance(0.7)
        return textures.fill(self.dice, melody, spans, self.key.scale) if wanted else []

    def _chords(self, name: str, bars: int) -> list[str]:
        if name in ("bridge", "B"):
            bridge = self.dice.pick(BRIDGES[self.key.mode]).split()
            return (bridge + bridge)[:bars] if bars > 8 else bridge
        progression = self.progressions[name in LOUD]
        if name == "pre":
            progression = self.dice.pick(PROGRESSIONS[self.key.mode]).split()
        cadences = CADENCES[self.key.mode]
        chords = [progression[number % 4] for number in range(bars)]
        if bars == 16:
            chords[6:8] = self.dice.pick(cadences["half"]).split()
        kind = "half" if name in TRANSITIONS or name == "intro" else "full"
        chords[-2:] = self.dice.pick(cadences[kind]).split()
        return chords

    def _again(self, section: _Section, name: str) -> _Section:
        """A section told again: nearly as it was, sometimes with another hand."""
        melody = varied(self.dice, section.melody, section.spans, self.key, self.variation)
        loud = name in LOUD
        left = self.dice.pick(self.style.left[loud]) if self.dice.chance(0.25) else section.left
        right = self.dice.pick(self.style.right[loud]) if self.dice.chance(0.25) else section.right
        fill = self._fill(melody, section.spans) if self.dice.chance(0.4) else section.fill
        return replace(section, melody=melody, left=left, right=right, fill=fill)

    def _grown(self, section: _Section) -> _Section:
        """The last section, as loud as the style can be, or as it was."""
        if self.dice.chance(0.4):
            return section
        left = self.dice.pick(self.style.left[True])
        return replace(section, left=left, right=self.dice.pick(self.style.right[True]))

    def _played(self, section: _Section, last: bool) -> list[Note]:
        notes = textures.left_hand(section.left, section.spans, self.bar)
        notes += textures.right_hand(section.right, section.melody, section.spans)
        return notes if last else notes + section.fill

    def _intro(self, section: _Section) -> list[Note]:
        """Chords alone, or the left hand under the first notes of a melody."""
        notes = textures.left_hand(section.left, section.spans, self.bar)
        if self.dice.chance(0.5):
            return notes + textures.right_hand("bare", section.melody, section.spans)
        rhythms: tuple[tuple[tuple[int, int], ...], ...] = (
            ((0, self.bar),),
            ((0, 6), (6, 6), (12, 4)),
            ((0, 4), (4, 4), (8, 4), (12, 4)),
        )
        known = rhythms[: 2 if self.bar == 12 else 3]
        return notes + textures.chordal(section.spans, self.dice.pick(known))

    def _ending(self, section: _Section) -> list[Note]:
        """A cadence under held notes, the tonic's chord climbing, and the tonic as a long chord."""
        bar, names = self.bar, self.dice.pick(ENDINGS[self.key.mode]).split()
        spans = self.key.spans(names, bar)
        top = section.melody[-1].pitch
        tonic = spans[-1].chord
        notes = textures.left_hand("held", spans[:-2], bar)
        for span in spans[:-2]:
            near = [pitch for pitch in range(top - 4, top + 5) if pitch % 12 in span.chord.tones]
            top = min(near, key=lambda pitch: abs(pitch - section.melody[-1].pitch))
            chord = [top, *textures.below(top, span.chord, 3)]
            notes += [Note(span.onset, span.length, pitch) for pitch in chord]
        bass = textures.bass_note(tonic)
        tonics = [pitch for pitch in range(65, 85) if pitch % 12 == tonic.tones[0]]
        high = min(tonics, key=lambda pitch: abs(pitch - top))
        climb = [bass, *(p for p in range(bass + 7, high) if p % 12 in tonic.tones)]
        notes += [
            Note(2 * bar + 2 * place, bar - 2 * place, pitch)
            for place, pitch in enumerate(climb[: bar // 2])
        ]
        final = [bass, bass + 12, *textures.below(high, tonic, 3, high - 12), high]
        return notes + [Note(3 * bar, bar, pitch) for pitch in final]


def _moved(notes: Sequence[Note], onset: int, semitones: int) -> list[Note]:
    return [Note(note.onset + onset, note.duration, note.pitch + semitones) for note in notes]


def _on_grid(notes: Sequence[Note]) -> NDArray[np.int32]:
    """Notes in order; a key that is struck again was let go before."""
    table = in_order(np.array(notes, np.int32).reshape(-1, 3))
    by_pitch = table[np.lexsort((table[:, 0], table[:, 2]))]
    same = by_pitch[1:, 2] == by_pitch[:-1, 2]
    gap = np.where(same, by_pitch[1:, 0] - by_pitch[:-1, 0], np.iinfo(np.int32).max)
    by_pitch[:-1, 1] = np.minimum(by_pitch[:-1, 1], gap)
    return in_order(by_pitch)
