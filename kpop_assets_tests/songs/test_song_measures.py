import math

import numpy as np
import pytest

from kpop_assets.songs.song import Song
from kpop_assets.songs.song_measures import MEASURES, repetition, song_measures
from kpop_assets_tests.songs.making import of_notes, pop_song

LOOP = of_notes(*[(2 * i, 2, (60, 64, 67, 72)[i % 4]) for i in range(400)])
SCALE_UP = of_notes(*[(4 * i, 4, 60 + pitch) for i, pitch in enumerate((0, 2, 4, 5, 7, 9, 11))])


def test_a_loop_of_four_notes_repeats_all_and_surprises_by_nothing() -> None:
    measured = song_measures(LOOP)
    assert measured["pitch_class_entropy"] == pytest.approx(1.5)
    assert measured["scale_consistency"] == measured["groove_consistency"] == 1
    assert min(measured[f"repetition_{length}"] for length in (4, 8, 16)) > 0.98
    assert measured["notes_an_onset"] == 1
    assert measured["interval_entropy"] == 0


def test_notes_drawn_at_random_repeat_nothing() -> None:
    pitches = np.random.default_rng(1).integers(21, 109, 2_000)
    measured = song_measures(of_notes(*[(2 * i, 2, int(p)) for i, p in enumerate(pitches)]))
    assert measured["pitch_class_entropy"] == pytest.approx(math.log2(12), abs=0.02)
    assert measured["scale_consistency"] == pytest.approx(7 / 12, abs=0.05)
    assert measured["repetition_4"] == measured["repetition_16"] == 0


def test_a_scale_is_within_itself_and_its_last_note_off_it_is_not() -> None:
    assert song_measures(SCALE_UP)["scale_consistency"] == 1
    with_another = of_notes(*SCALE_UP.notes.tolist(), (28, 4, 61))
    assert song_measures(with_another)["scale_consistency"] == pytest.approx(7 / 8)


def test_the_groove_is_what_a_bar_and_the_next_have_alike() -> None:
    notes = [(0, 4, 60), (4, 4, 60), (16, 4, 60), (24, 4, 60)]
    assert song_measures(of_notes(*notes))["groove_consistency"] == 14 / 16
    in_three = Song(of_notes((0, 12, 60), (12, 12, 60)).notes, bar=12)
    assert song_measures(in_three)["groove_consistency"] == 1


def test_a_run_repeats_with_the_same_pitches_and_intervals_only() -> None:
    bar = [(0, 4, 60), (0, 4, 64), (4, 4, 62), (8, 8, 64)]
    once = [(16 + onset, length, pitch) for onset, length, pitch in bar]
    again = [(32 + onset, length, pitch) for onset, length, pitch in bar]
    assert repetition(of_notes(*bar, *once, *again), 3) == pytest.approx(1 - 4 / 7)
    higher = [(onset, length, pitch + 1) for onset, length, pitch in again]
    assert repetition(of_notes(*bar, *once, *higher), 3) == 0


def test_the_measures_hold_in_every_key_and_at_every_tempo() -> None:
    song = pop_song(5)
    assert song_measures(song.transposed(3)) == pytest.approx(song_measures(song))


def test_what_is_too_short_for_a_measure_has_none() -> None:
    assert np.isnan(list(song_measures(of_notes()).values())).all()
    one = song_measures(of_notes((0, 4, 60)))
    assert (one["notes_an_onset"], one["pitch_class_entropy"]) == (1, 0)
    assert np.isnan([one["groove_consistency"], one["repetition_4"], one["interval_entropy"]]).all()


def test_every_measure_is_shown_in_its_form() -> None:
    measured = song_measures(pop_song(2))
    assert list(measured) == [measure.name for measure in MEASURES]
    assert all(measure.form.format(measured[measure.name]) for measure in MEASURES)
