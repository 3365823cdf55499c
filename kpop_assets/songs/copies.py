"""What songs have in common in any key: the longest copied run, and which are one song."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from kpop_assets.songs.onsets import onsets_of, runs
from kpop_assets.songs.song import Song

RUN = 8
"""In steps: two songs by different people rarely share as many."""
SAME_SHARE = 0.5
"""Of the runs of the shorter song that the longer one has too: from here on they are one song."""
MOST_SONGS_WITH_A_RUN = 200
"""A run that more have is a figure of the style, and says nothing of two songs."""


@dataclass(frozen=True)
class SharedRun:
    """A run of onsets of a song that another song has too, in its own key.

    `onsets` is how many, 0 if there are none; `start` and `start_there` say at which sixteenth of
    the song and of the other one it begins, `length` how many sixteenths lie between its first
    onset and its last, `other` which of the songs it is, `semitones` how much higher it is there.
    """

    onsets: int = 0
    start: int = 0
    length: int = 0
    other: int = 0
    start_there: int = 0
    semitones: int = 0


class KnownSongs:
    """Songs that runs are looked for in; their steps are kept side by side."""

    def __init__(self, songs: Sequence[Song]) -> None:
        self._onsets = [onsets_of(song) for song in songs]
        steps = [onsets.steps() for onsets in self._onsets]
        sizes = np.array([len(each) for each in steps], np.int64)
        self._steps = np.concatenate([*steps, np.zeros(0, np.uint64)])
        self._songs = np.repeat(np.arange(len(songs)), sizes)
        starts = np.cumsum(sizes) - sizes
        self._left = np.repeat(starts + sizes, sizes) - np.arange(len(self._steps))
        self._starts = starts

    def longest_run(self, song: Song) -> SharedRun:
        """Return the longest run of onsets of a song that any of the known ones has, in any key.

        A run of one onset says nothing, so runs are of two onsets at least. Of equally long ones it
        is the first. Equal are all chords, and the intervals in time and pitch between them.
        """
        here = onsets_of(song)
        steps = here.steps()
        length, at, there = 0, 0, 0
        candidates = np.flatnonzero(np.isin(self._steps, steps))
        shortest, longest = 1, len(steps)
        while shortest <= longest and len(candidates):
            tried = (shortest + longest) // 2 if length else 1
            mine = runs(steps, tried)
            places = candidates[self._left[candidates] >= tried]
            found = np.isin(theirs := runs(self._steps, tried, places), mine)
            if found.any():
                candidates = places[found]
                length, there = tried, int(candidates[0])
                at = int(np.flatnonzero(mine == theirs[found][0])[0])
                shortest = tried + 1
            else:
                longest = tried - 1
        if not length:
            return SharedRun()
        which = int(self._songs[there])
        begins = there - int(self._starts[which])
        other = self._onsets[which]
        return SharedRun(
            onsets=length + 1,
            start=int(here.times[at]),
            length=int(here.times[at + length] - here.times[at]),
            other=which,
            start_there=int(other.times[begins]),
            semitones=int(other.lowest[begins] - here.lowest[at]),
        )


def content_hash(song: Song) -> int:
    """Return 64 bits of what a song plays, the same in every key, tempo, and process."""
    onsets = onsets_of(song)
    content = np.concatenate([onsets.chords[:1], onsets.steps()]).astype("<u8").tobytes()
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "big")


def same_songs(songs: Sequence[Song]) -> NDArray[np.intp]:
    """Return int (N,): songs with the same number are one song, in whatever keys.

    They play the same; or half of the runs of one, of RUN steps, are in the other too, as in an
    excerpt, a shortened version or one with another ending. What is like a third song is the same
    as what is like it. A song arranged or played anew is another one.
    """
    _, first, which = np.unique(
        np.array([content_hash(song) for song in songs], np.uint64),
        return_index=True,
        return_inverse=True,
    )
    own_runs = [np.unique(runs(onsets_of(songs[place]).steps(), RUN)) for place in first]
    sizes = np.array([len(each) for each in own_runs], np.int64)
    _, run, songs_with = np.unique(
        np.concatenate([*own_runs, np.zeros(0, np.uint64)]), return_inverse=True, return_counts=True
    )
    song = np.repeat(np.arange(len(first)), sizes)
    telling = songs_with[run] <= MOST_SONGS_WITH_A_RUN
    has = csr_array(
        (np.ones(telling.sum(), np.int32), (song[telling], run[telling])),
        shape=(len(first), len(songs_with)),
    )
    common = (has @ has.T).tocoo()
    one, other = common.coords
    is_same = common.data >= SAME_SHARE * np.minimum(sizes[one], sizes[other])
    alike = csr_array((is_same[is_same], (one[is_same], other[is_same])), shape=common.shape)
    return connected_components(alike, directed=False)[1][which].astype(np.intp)
