"""Melodies: they fit their chords, keep their motifs and close or stay open."""

from itertools import pairwise

import numpy as np
import pytest

from kpop_assets.sample_world.songs.chance import Dice
from kpop_assets.sample_world.songs.harmony import Harmony, Span, chord_at
from kpop_assets.sample_world.songs.melody import Note, Singer, sung, varied
from kpop_assets.sample_world.songs.textures import LEFT, bass_note, left_hand, right_hand

KEY = Harmony(9, "minor")
BARS = ["i", "VI", "III", "VII", "i", "VI", "iv,V7", "i"]
SPANS = KEY.spans(BARS, 16)
PHRASES = [
    sung(Dice(seed), SPANS, Singer(KEY, 72), "flowing", 16, closed=True) for seed in range(20)
]


def inside(note: Note, spans: list[Span]) -> bool:
    return note.pitch % 12 in chord_at(spans, note.onset).tones


def test_beats_that_are_strong_have_chord_tones() -> None:
    strong = [note for phrase in PHRASES for note in phrase if note.onset % 8 == 0]
    assert np.mean([inside(note, SPANS) for note in strong]) > 0.9


def test_other_tones_pass_by_step() -> None:
    passing = steps = 0
    for phrase in PHRASES:
        for note, after in pairwise(phrase):
            if not inside(note, SPANS) and note.onset % 16 != 14:
                passing += 1
                steps += abs(after.pitch - note.pitch) <= 3
    assert passing > 50
    assert steps / passing > 0.85


def test_the_leading_tone_sounds_over_a_dominant_in_minor() -> None:
    over_v = [n for phrase in PHRASES for n in phrase if 104 <= n.onset < 110]
    assert not any(note.pitch % 12 == 7 for note in over_v)


def test_a_closed_phrase_ends_on_the_tonic_and_an_open_one_does_not() -> None:
    ends = [
        sung(Dice(seed), SPANS, Singer(KEY, 72), "calm", 16, closed=False)[-1] for seed in range(9)
    ]
    assert all(phrase[-1].pitch % 12 == KEY.tonic for phrase in PHRASES)
    assert not any(note.pitch % 12 == KEY.tonic for note in ends)


def test_a_motif_returns_with_its_rhythm() -> None:
    for phrase in PHRASES:
        units = [[n.onset % 32 for n in phrase if n.onset // 32 == unit] for unit in range(3)]
        assert units[0] in units[1:] or units[1] == units[2]


@pytest.mark.parametrize("bar", [16, 12])
@pytest.mark.parametrize("bars", [2, 4, 8, 16])
def test_notes_of_a_melody_follow_each_other(bar: int, bars: int) -> None:
    spans = KEY.spans((BARS + BARS)[:bars], bar)
    phrase = sung(Dice(3), spans, Singer(KEY, 70), "lively", bar, closed=True)
    for note, after in pairwise(phrase):
        assert note.onset + note.duration <= after.onset
    assert phrase[-1].onset + phrase[-1].duration <= bars * bar


def test_telling_it_again_changes_a_few_notes_and_keeps_the_last() -> None:
    for phrase in PHRASES:
        assert varied(Dice(1), phrase, SPANS, KEY, 0.0) == phrase
        again = varied(Dice(1), phrase, SPANS, KEY, 0.3)
        assert len(set(again) & set(phrase)) >= len(phrase) / 3
        assert again[-1].pitch == phrase[-1].pitch


@pytest.mark.parametrize(("bar", "pattern"), [(bar, name) for bar in LEFT for name in LEFT[bar]])
def test_the_left_hand_plays_chord_tones_with_the_bass_on_every_chord(
    bar: int, pattern: str
) -> None:
    spans = KEY.spans(BARS, bar)
    notes = left_hand(pattern, spans, bar)
    assert all(inside(note, spans) for note in notes)
    for span in spans:
        there = [note.pitch for note in notes if note.onset == span.onset]
        assert min(there) % 12 == span.chord.bass


def test_the_bass_takes_the_short_way() -> None:
    assert bass_note(KEY.chord("VI"), bass_note(KEY.chord("VII"), 43)) == 41


@pytest.mark.parametrize("pattern", ["bare", "thirds", "beats", "full", "octaves", "comped"])
def test_the_melody_stays_on_top_of_the_right_hand(pattern: str) -> None:
    phrase = PHRASES[0]
    played = right_hand(pattern, phrase, SPANS)
    assert set(phrase) <= set(played)
    for note in phrase:
        assert max(other.pitch for other in played if other.onset == note.onset) == note.pitch
