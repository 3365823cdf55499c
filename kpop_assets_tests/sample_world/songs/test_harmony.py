"""Keys and chords: roman numerals mean what musicians mean by them."""

import pytest

from kpop_assets.sample_world.songs.harmony import (
    BRIDGES,
    CADENCES,
    ENDINGS,
    PROGRESSIONS,
    Harmony,
    chord_at,
)

C, A = Harmony(0, "major"), Harmony(9, "minor")
NOTES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")


@pytest.mark.parametrize(
    ("key", "name", "tones"),
    [
        (C, "I", "C E G"),
        (C, "vi", "A C E"),
        (C, "IVmaj7", "F A C E"),
        (C, "V7/vi", "E Ab B D"),
        (C, "iv", "F Ab C"),
        (C, "bVII", "Bb D F"),
        (A, "i", "A C E"),
        (A, "V7", "E Ab B D"),
        (A, "VII", "G B D"),
        (A, "iiø", "B D F A"),
        (Harmony(7, "major"), "V", "D F# A"),
    ],
)
def test_a_numeral_is_its_chord(key: Harmony, name: str, tones: str) -> None:
    assert " ".join(NOTES[tone] for tone in key.chord(name).tones) == tones


def test_a_stroke_puts_another_tone_in_the_bass() -> None:
    assert NOTES[C.chord("V/3").bass] == "B"
    assert NOTES[C.chord("I/5").bass] == "G"
    assert NOTES[A.chord("i7/7").bass] == "G"
    assert NOTES[C.chord("V7/vi").bass] == "E"


@pytest.mark.parametrize(
    ("key", "name", "replaced"),
    [(C, "I", ""), (C, "iv", "A Ab"), (C, "bVII", "B Bb"), (A, "V", "G Ab"), (C, "V7/vi", "G Ab")],
)
def test_a_chord_from_outside_says_which_degree_it_alters(
    key: Harmony, name: str, replaced: str
) -> None:
    altered = [NOTES[tone] for pair in key.chord(name).altered for tone in pair]
    assert " ".join(altered) == replaced


def test_every_chord_of_the_tables_is_known_and_every_table_is_whole() -> None:
    for key in (C, A):
        for bars in PROGRESSIONS[key.mode]:
            assert len(key.spans(bars.split(), 16)) >= len(bars.split()) == 4
        for bars in BRIDGES[key.mode]:
            assert len(key.spans(bars.split(), 12)) >= len(bars.split()) == 8
        for cadence in (*CADENCES[key.mode]["half"], *CADENCES[key.mode]["full"]):
            assert len(cadence.split()) == 2
        for ending in ENDINGS[key.mode]:
            assert key.chord(ending.split()[-1]).tones[0] == key.tonic


@pytest.mark.parametrize(("bar", "lengths"), [(16, [16, 8, 8]), (12, [12, 8, 4])])
def test_two_chords_share_a_bar_on_a_beat(bar: int, lengths: list[int]) -> None:
    spans = C.spans(["I", "ii7,V7"], bar)
    assert [span.length for span in spans] == lengths
    assert chord_at(spans, bar + lengths[1]) == C.chord("V7")
    assert chord_at(spans, 10 * bar) == C.chord("V7")
