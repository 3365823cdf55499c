import numpy as np
import pytest

from kpop_assets.songs.copies import KnownSongs, SharedRun, content_hash, same_songs
from kpop_assets.songs.song import Song, in_order
from kpop_assets_tests.songs.making import of_notes, pop_song, scattered_song


def onset_count(song: Song) -> int:
    return len(np.unique(song.notes[:, 0]))


def later(song: Song, sixteenths: int) -> np.ndarray:
    return song.notes + np.array([sixteenths, 0, 0], np.int32)


def part(song: Song, start: int, end: int) -> Song:
    return Song(song.notes[(song.notes[:, 0] >= start) & (song.notes[:, 0] < end)])


def longest_by_hand(one: Song, other: Song) -> int:
    """The longest common run by comparing every pair of places."""

    def steps(song: Song) -> list[tuple[object, ...]]:
        times = np.unique(song.notes[:, 0])
        sets = [tuple(song.notes[song.notes[:, 0] == time, 2].tolist()) for time in times]
        chords = [tuple(np.array(pitches) - pitches[0]) for pitches in sets]
        return [
            (chords[i], chords[i + 1], times[i + 1] - times[i], sets[i + 1][0] - sets[i][0])
            for i in range(len(sets) - 1)
        ]

    here, there, longest = steps(one), steps(other), 0
    for i in range(len(here)):
        for j in range(len(there)):
            length = 0
            while i + length < len(here) and j + length < len(there):
                if here[i + length] != there[j + length]:
                    break
                length += 1
            longest = max(longest, length)
    return longest + 1 if longest else 0


def test_a_part_copied_into_another_key_is_found_with_both_places() -> None:
    known = [pop_song(1), scattered_song(2), pop_song(3, bars=24), scattered_song(4)]
    copied = part(known[2], 64, 128)
    mixture = np.concatenate(
        [scattered_song(9, 60).notes[:40], later(copied.transposed(-4), 5_000 - 64)]
    )
    run = KnownSongs(known).longest_run(Song(in_order(mixture)))
    assert run == SharedRun(
        onsets=onset_count(copied),
        start=5_000,
        length=int(copied.notes[-1, 0]) - 64,
        other=2,
        start_there=64,
        semitones=4,
    )


def test_a_song_has_all_of_itself_in_every_key() -> None:
    songs = [pop_song(seed, seed) for seed in range(6)]
    run = KnownSongs(songs).longest_run(songs[4].transposed(2))
    assert (run.onsets, run.other, run.semitones) == (onset_count(songs[4]), 4, -2)


@pytest.mark.parametrize("seed", range(6))
def test_the_longest_run_is_what_a_search_by_hand_finds(seed: int) -> None:
    random = np.random.default_rng(seed)

    def small(count: int) -> Song:
        onsets = np.cumsum(random.integers(1, 3, count))
        return of_notes(*[(int(at), 1, 60 + int(random.integers(3))) for at in onsets])

    one, other = small(80), small(120)
    run = KnownSongs([other]).longest_run(one)
    assert run.onsets == longest_by_hand(one, other) > 2
    here = part(one, run.start, run.start + run.length + 1)
    there = part(other, run.start_there, run.start_there + run.length + 1)
    assert np.array_equal(here.notes[:, 2] + run.semitones, there.notes[:, 2])
    assert np.array_equal(here.notes[:, 0] - run.start, there.notes[:, 0] - run.start_there)


def test_runs_do_not_cross_from_one_song_into_the_next() -> None:
    song = pop_song(1)
    halves = [part(song, 0, 128), part(song, 128, 300)]
    most = max(map(onset_count, halves))
    assert KnownSongs(halves).longest_run(song).onsets == most


def test_without_songs_or_onsets_there_is_no_run() -> None:
    assert KnownSongs([]).longest_run(pop_song(1)) == SharedRun()
    known = KnownSongs([pop_song(1), of_notes(), of_notes((0, 4, 60))])
    assert known.longest_run(of_notes()) == known.longest_run(of_notes((0, 4, 60))) == SharedRun()


def test_one_song_in_another_key_tempo_or_length_is_the_same_song() -> None:
    song, other = pop_song(2, bars=24), pop_song(8, bars=24)
    faster = Song(song.notes, bpm=200)
    shortened = part(song, 0, 200)
    with_another_end = Song(np.concatenate([song.notes, later(part(other, 0, 30), 500)]))
    songs = [other, song, song.transposed(-3), faster, shortened, with_another_end, pop_song(4)]
    groups = same_songs(songs).tolist()
    assert len(set(groups[1:6])) == 1
    assert len(set(groups)) == 3


def test_songs_of_one_progression_are_not_the_same_and_many_copies_are() -> None:
    songs = [pop_song(seed, seed % 12) for seed in range(30)]
    assert len(set(same_songs(songs))) == 30
    copies = [songs[0].transposed(n % 5) for n in range(300)]
    assert len(set(same_songs([*copies, songs[1]]))) == 2


def test_songs_too_short_for_a_run_are_the_same_if_all_of_them_is() -> None:
    short = of_notes((0, 4, 60), (4, 4, 64))
    songs = [short, short.transposed(5), of_notes((0, 4, 60), (4, 4, 65)), of_notes((0, 4, 60))]
    assert same_songs(songs).tolist()[0] == same_songs(songs).tolist()[1]
    assert len(set(same_songs(songs))) == 3
    assert same_songs([]).tolist() == []


def test_the_hash_of_a_content_is_the_same_in_every_key_and_for_ever() -> None:
    song = of_notes((0, 4, 60), (0, 4, 64), (4, 4, 62))
    assert content_hash(song) == content_hash(song.transposed(7))
    assert content_hash(song) != content_hash(of_notes((0, 4, 60), (0, 4, 63), (4, 4, 62)))
    assert content_hash(song) == 6865408401842701111
