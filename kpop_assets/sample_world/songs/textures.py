"""What the two hands play: patterns of the left, and what the right adds to a melody."""

from collections.abc import Sequence
from itertools import product

from kpop_assets.sample_world.songs.chance import Dice
from kpop_assets.sample_world.songs.harmony import Chord, Span, chord_at
from kpop_assets.sample_world.songs.melody import Note

LOWEST_BASS, HIGHEST_BASS = 31, 45
"""Between these pitches the bass takes the shortest way; a fifth higher in open patterns."""
_OPENING = frozenset({"arpeggio", "rolling", "open", "slow arpeggio"})
_MIDDLE = 57
"""Around this pitch lie chords between the hands."""

Step = tuple[int, int, str]
"""Onset and duration within a chord, and what sounds: b bass, o its octave, f the fifth or the
chord's tone below it, t the tenth, c the chord. A duration of 0 lasts until the chord changes."""

LEFT: dict[int, dict[str, tuple[Step, ...]]] = {
    16: {
        "held": ((0, 0, "bo"),),
        "halves": ((0, 8, "bo"), (8, 8, "bo")),
        "open": ((0, 0, "b"), (2, 0, "f"), (4, 0, "ot")),
        "arpeggio": (
            *((0, 0, "b"), (2, 2, "f"), (4, 2, "o"), (6, 2, "t")),
            *((8, 2, "o"), (10, 2, "f"), (12, 2, "o"), (14, 2, "f")),
        ),
        "slow arpeggio": ((0, 0, "b"), (4, 0, "f"), (8, 4, "ot"), (12, 4, "f")),
        "rolling": tuple(
            (2 * place, 2, tone)
            for place, tone in enumerate(("b", "f", "o", "f", "t", "f", "o", "f"))
        ),
        "broken octaves": tuple((2 * place, 2, "bo"[place % 2]) for place in range(8)),
        "stride": ((0, 4, "bo"), (4, 3, "c"), (8, 4, "f"), (12, 3, "c")),
        "pushed": ((0, 6, "bo"), (6, 6, "bo"), (12, 4, "bo")),
        "offbeats": tuple((2 * place, 2, "bc"[place % 2]) for place in range(8)),
        "quarters": ((0, 4, "bo"), (4, 4, "c"), (8, 4, "c"), (12, 4, "c")),
        "chords": ((0, 6, "bc"), (6, 2, "c"), (8, 6, "bc"), (14, 2, "c")),
        "block": ((0, 0, "boc"),),
        "blocks": ((0, 8, "boc"), (8, 4, "c"), (12, 4, "c")),
    },
    12: {
        "held": ((0, 0, "bo"),),
        "waltz": ((0, 4, "bo"), (4, 3, "c"), (8, 3, "c")),
        "arpeggio": tuple(
            (2 * place, 0 if place == 0 else 2, tone) for place, tone in enumerate("bfotof")
        ),
        "open": ((0, 0, "b"), (4, 0, "f"), (8, 0, "ot")),
        "block": ((0, 0, "boc"),),
    },
}


def left_hand(pattern: str, spans: Sequence[Span], bar: int) -> list[Note]:
    """Return a pattern of the left hand over chords; its chords move as little as they can."""
    notes: list[Note] = []
    middle: tuple[int, ...] = ()
    bass = 0
    for span in spans:
        bass = bass_note(span.chord, bass, 7 * (pattern in _OPENING))
        middle = _nearest_voicing(span.chord, middle)
        for onset, duration, tones in LEFT[bar][pattern]:
            if onset < span.length:
                lasts = min(duration or bar, span.length - onset)
                notes += [
                    Note(span.onset + onset, lasts, pitch)
                    for tone in tones
                    for pitch in _sounding(tone, bass, span.chord, middle)
                ]
    return notes


def bass_note(chord: Chord, before: int = 0, higher: int = 0) -> int:
    """Return the bass of a chord next to the one before, or in the middle of its range."""
    lowest, middle = LOWEST_BASS + higher, (LOWEST_BASS + HIGHEST_BASS) // 2 + higher
    first = lowest + (chord.bass - lowest) % 12
    there = [pitch for pitch in (first, first + 12) if pitch <= HIGHEST_BASS + higher]
    return min(there, key=lambda pitch: 4 * abs(pitch - (before or middle)) + abs(pitch - middle))


def _sounding(tone: str, bass: int, chord: Chord, middle: tuple[int, ...]) -> tuple[int, ...]:
    if tone == "c":
        return middle
    if tone == "f":
        fifths = [bass + step for step in (7, 8, 6, 9, 5) if (bass + step) % 12 in chord.tones]
        return (fifths[0],)
    if tone == "t":
        tenths = [bass + step for step in (16, 15, 17, 14, 20) if (bass + step) % 12 in chord.tones]
        return (tenths[0],)
    return (bass + 12 * (tone == "o"),)


def _nearest_voicing(chord: Chord, before: tuple[int, ...]) -> tuple[int, ...]:
    """Three tones in close position, as near as can be to those before."""
    tones = chord.tones if len(chord.tones) == 3 else (chord.tones[1], *chord.tones[2:])
    if len(tones) == 3 and len(chord.tones) == 4 and chord.tones[0] != chord.bass:
        tones = chord.tones[:1] + chord.tones[1:2] + chord.tones[3:]
    best: tuple[int, ...] = ()
    cost = float("inf")
    for octaves in product((48, 60), repeat=3):
        voicing = tuple(sorted(low + tone for low, tone in zip(octaves, tones, strict=True)))
        if not 52 <= voicing[0] <= voicing[-1] <= 67 or voicing[-1] - voicing[0] > 11:
            continue
        moved = (
            sum(abs(a - b) for a, b in zip(voicing, before, strict=True))
            if before
            else abs(voicing[1] - _MIDDLE)
        )
        if moved < cost:
            best, cost = voicing, moved
    return best


def below(melody_pitch: int, chord: Chord, count: int, lowest: int = 53) -> list[int]:
    """Return up to `count` chord tones under a note of the melody, within an octave of it."""
    tones = [
        pitch
        for pitch in range(melody_pitch - 3, max(lowest, melody_pitch - 12) - 1, -1)
        if pitch % 12 in chord.tones
    ]
    return tones[:count]


def right_hand(pattern: str, melody: Sequence[Note], spans: Sequence[Span]) -> list[Note]:
    """Return the melody with what a pattern adds to it.

    thirds: the chord tone below; beats: a chord where the harmony changes and on half bars; full:
    a chord under every beat and long note; octaves: the octave below and a tone inside; comped:
    chords while the melody rests.
    """
    changes = {span.onset for span in spans}
    notes = list(melody)
    for note in melody:
        ahead = note.onset + 2 if note.onset + 2 in changes and note.duration > 2 else note.onset
        chord = chord_at(spans, ahead)
        strong = ahead in changes or note.onset % 8 == 0
        accented = ahead in changes or note.onset % 4 == 0 or note.duration >= 4
        added: list[int] = []
        if pattern == "thirds" and (note.duration >= 2 or accented):
            added = below(note.pitch, chord, 1)
        elif pattern in ("beats", "comped") and strong:
            added = below(note.pitch, chord, 3)
        elif pattern == "full":
            added = below(note.pitch, chord, 3 if accented else 2)
        elif pattern == "octaves":
            added = [note.pitch - 12]
            added += [pitch for pitch in below(note.pitch, chord, 3) if accented][:2]
        notes += [Note(note.onset, note.duration, pitch) for pitch in added]
    if pattern == "comped":
        notes += _comped(melody, spans)
    return notes


def _comped(melody: Sequence[Note], spans: Sequence[Span]) -> list[Note]:
    """Chords on the beats on which nobody sings."""
    busy = {
        place for note in melody for place in range(note.onset, note.onset + min(note.duration, 4))
    }
    voicing: tuple[int, ...] = ()
    notes = []
    for span in spans:
        voicing = _nearest_voicing(span.chord, voicing)
        for onset in range(span.onset + 4, span.onset + span.length, 4):
            if not busy & {onset, onset + 1, onset + 2}:
                notes += [Note(onset, 3, pitch) for pitch in voicing]
    return notes


def chordal(spans: Sequence[Span], strokes: Sequence[tuple[int, int]]) -> list[Note]:
    """Return close chords of the right hand, an octave up, at these places of every chord."""
    voicing: tuple[int, ...] = ()
    notes = []
    for span in spans:
        voicing = _nearest_voicing(span.chord, voicing)
        notes += [
            Note(span.onset + onset, min(duration, span.length - onset), pitch + 12)
            for onset, duration in strokes
            if onset < span.length
            for pitch in voicing
        ]
    return notes


def fill(
    dice: Dice, melody: Sequence[Note], spans: Sequence[Span], scale: Sequence[int]
) -> list[Note]:
    """Return a run from the end of a phrase towards the next, none where there is no room.

    It climbs or falls in eighths through the scale, or through the chord, over the last beats.
    """
    end = spans[-1].onset + spans[-1].length
    start = end - dice.pick((4, 6, 8))
    held = melody[-1]
    if held.onset > start - 4:
        return []
    chord = spans[-1].chord
    altered = dict(chord.altered)
    steps = chord.tones if dice.chance(0.3) else tuple(altered.get(tone, tone) for tone in scale)
    direction = 1 if held.pitch < 70 else -1
    notes, pitch = [], held.pitch
    for onset in range(start, end, 2):
        pitch += direction
        while pitch % 12 not in steps:
            pitch += direction
        notes.append(Note(onset, 2, pitch))
    return notes
