"""The sample world's songs: the same each time, in the key, tempo and form they say, and music."""

import math
from collections import Counter
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from kpop_assets.sample_world.songs import SAMPLE_SONGS, SampleSong, sample_songs
from kpop_assets.sample_world.songs.forms import FORMS, STYLES
from kpop_assets.songs.keys import STEPS
from kpop_assets.songs.showing.piano_roll import voices
from kpop_assets.songs.song import HIGHEST_PITCH, LOWEST_PITCH
from kpop_assets.songs.tokens import decoded, encoded


@cache
def songs() -> tuple[SampleSong, ...]:
    return sample_songs()


@pytest.fixture(params=range(SAMPLE_SONGS))
def each(request: pytest.FixtureRequest) -> SampleSong:
    return songs()[request.param]


def scale_share(each: SampleSong) -> float:
    """The share of the notes that are in the scale of the song's key."""
    scale = [(each.tonic + step) % 12 for step in STEPS[each.mode]]
    return float(np.isin(each.song.notes[:, 2] % 12, scale).mean())


def events(each: SampleSong) -> list[tuple[int, tuple[int, ...]]]:
    """What is struck at every onset, and how long after the onset before."""
    onsets, pitches = each.song.notes[:, 0], each.song.notes[:, 2]
    there = np.unique(onsets)
    since = np.diff(there, prepend=there[0])
    return [
        (int(gap), tuple(pitches[onsets == onset].tolist()))
        for gap, onset in zip(since, there, strict=True)
    ]


def repetition(each: SampleSong, length: int) -> float:
    """The share of the runs of so many events that have been there before."""
    all_events = events(each)
    runs = [tuple(all_events[n : n + length]) for n in range(len(all_events) - length + 1)]
    return 1 - len(set(runs)) / len(runs)


def melody(each: SampleSong) -> np.ndarray:
    return each.song.notes[voices(each.song) == 1]


def test_the_songs_are_the_same_each_time() -> None:
    for once, again in zip(songs(), sample_songs(), strict=True):
        assert once.title == again.title
        assert once.song.notes.tobytes() == again.song.notes.tobytes()


def test_a_song_does_not_depend_on_how_many_are_asked_for() -> None:
    few = sample_songs(3)
    assert [each.title for each in few] == [each.title for each in songs()[:3]]
    assert few[2].song.notes.tobytes() == songs()[2].song.notes.tobytes()


def test_another_seed_gives_other_songs() -> None:
    other = sample_songs(4, seed=17)
    assert {each.title for each in other}.isdisjoint({each.title for each in songs()})


def test_no_two_songs_share_a_title_or_their_notes() -> None:
    assert len(songs()) == SAMPLE_SONGS
    assert len({each.title for each in songs()}) == SAMPLE_SONGS
    assert len({each.song.notes.tobytes() for each in songs()}) == SAMPLE_SONGS


def test_there_are_many_keys_and_tempi_and_every_form_and_style() -> None:
    assert len({(each.tonic, each.mode) for each in songs()}) >= 15
    assert {each.mode for each in songs()} == {"major", "minor"}
    assert {each.form for each in songs()} == set(FORMS)
    assert {each.style for each in songs()} == set(STYLES)
    assert {each.artist_type for each in songs()} == {"boy", "girl", "mixed"}
    assert {each.song.bar for each in songs()} == {16, 12}
    tempi = [each.bpm for each in songs()]
    assert min(tempi) >= 70
    assert max(tempi) <= 150
    assert len(set(tempi)) >= 25


def test_a_song_is_what_it_says(each: SampleSong) -> None:
    notes = each.song.notes
    bars = sum(length for _, length in each.sections)
    assert each.song.length == bars * each.song.bar
    assert 32 <= bars <= 68
    assert each.song.bpm == each.bpm
    assert notes.dtype == np.int32
    assert notes[0, 0] < each.song.bar
    assert LOWEST_PITCH <= notes[:, 2].min() <= notes[:, 2].max() <= HIGHEST_PITCH
    assert scale_share(each) > (0.6 if each.rise else 0.88)


def test_a_song_ends_with_a_long_chord_of_its_tonic(each: SampleSong) -> None:
    notes = each.song.notes
    last = notes[notes[:, 0] == notes[:, 0].max()]
    third = 4 if each.mode == "major" else 3
    chord = {(each.tonic + each.rise + step) % 12 for step in (0, third, 7)}
    assert (last[:, 1] == each.song.bar).all()
    assert set((last[:, 2] % 12).tolist()) <= chord
    tonic = (each.tonic + each.rise) % 12
    assert last[0, 2] % 12 == last[-1, 2] % 12 == tonic


def test_two_hands_can_play_it(each: SampleSong) -> None:
    notes = each.song.notes
    assert Counter(notes[:, 0].tolist()).most_common(1)[0][1] <= 10
    for pitch in np.unique(notes[:, 2]):
        same = notes[notes[:, 2] == pitch]
        assert (same[:-1, 0] + same[:-1, 1] <= same[1:, 0]).all(), "a key is struck while held"


def test_no_bar_is_silent(each: SampleSong) -> None:
    onsets = np.unique(each.song.notes[:, 0])
    assert np.diff(onsets).max(initial=0) <= each.song.bar


def test_its_tokens_give_it_back(each: SampleSong) -> None:
    assert (decoded(encoded(each.song.notes)) == each.song.notes).all()


def test_melodies_can_be_sung() -> None:
    steps = np.concatenate([np.diff(melody(each)[:, 2]) for each in songs()])
    assert np.mean(abs(steps) <= 4) > 0.75
    for each in songs():
        low, high = np.quantile(melody(each)[:, 2], [0.05, 0.95])
        assert 58 <= low < high <= 86


def test_few_tones_rub() -> None:
    """As in real pop songs, a semitone sounds together at few onsets (there about 3 %)."""
    for each in songs():
        notes = each.song.notes
        sounding = np.zeros((each.song.length, 129), bool)
        for onset, duration, pitch in notes.tolist():
            sounding[onset : onset + duration, pitch] = True
        struck = sounding[np.unique(notes[:, 0])]
        assert (struck[:, 1:] & struck[:, :-1]).any(axis=1).mean() < 0.15


def test_sections_return_as_in_real_songs() -> None:
    """The means lie in the bands measured on 57 K-pop transcriptions."""
    shares = {length: [repetition(each, length) for each in songs()] for length in (4, 8, 16)}
    assert 0.15 < np.mean(shares[4]) < 0.45
    assert 0.1 < np.mean(shares[8]) < 0.4
    assert 0.05 < np.mean(shares[16]) < 0.35
    assert max(shares[4]) < 0.7


def test_they_are_as_dense_and_as_varied_in_time_as_real_songs() -> None:
    density, variety = [], []
    for each in songs():
        gaps = Counter(b - a for a, b in pairwise(np.unique(each.song.notes[:, 0]).tolist()))
        shares = [count / gaps.total() for count in gaps.values()]
        variety.append(-sum(share * math.log2(share) for share in shares))
        density.append(len(each.song.notes) / len(np.unique(each.song.notes[:, 0])))
    assert 2.5 < np.mean(density) < 5.7
    assert 1.3 < np.mean(variety) < 2.7


def test_a_rise_lifts_the_last_section() -> None:
    risen = [each for each in songs() if each.rise]
    assert risen
    for each in risen:
        bars = sum(length for _, length in each.sections[:-2])
        before = each.song.notes[each.song.notes[:, 0] < bars * each.song.bar]
        scale = [(each.tonic + step) % 12 for step in STEPS[each.mode]]
        assert np.isin(before[:, 2] % 12, scale).mean() > 0.85
