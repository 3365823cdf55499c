"""Which songs are learned from, by what they play: one song is on one side under any name."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kpop_assets.songs.copies import content_hash, same_songs
from kpop_assets.songs.song import Song

TRAIN, VALIDATION, TEST = "train", "validation", "test"
MORE = "more"
"""Where additional songs are, which are learned from and never judged by."""
VALIDATION_SHARE = TEST_SHARE = 0.1


def split(songs: Sequence[Song]) -> list[str]:
    """Return the side of each song: TRAIN, VALIDATION or TEST.

    The songs that `same_songs` takes for one are on one side: that of the smallest hash of their
    content, so that it stays when other songs come or go. Of three songs or more none of the sides
    is empty, of two the test, of one the validation too: for that the song next to it moves.
    """
    hashes, group_of = _hash_of_group(songs)
    groups = len(hashes)
    places = hashes / 2.0**64
    tests = max(int((places < TEST_SHARE).sum()), int(groups >= 3))
    tests = min(tests, max(0, groups - 2))
    held_out = max(int((places < TEST_SHARE + VALIDATION_SHARE).sum()), tests + (groups >= 2))
    held_out = min(held_out, max(0, groups - 1))
    rank = np.argsort(np.argsort(hashes))
    sides = np.where(rank < tests, TEST, np.where(rank < held_out, VALIDATION, TRAIN))
    return [str(sides[group]) for group in group_of]


def folds(songs: Sequence[Song], count: int = 5) -> NDArray[np.intp]:
    """Return int (N,) from 0 to count - 1: the fold in which each song is left out.

    The songs that `same_songs` takes for one are in one fold. Folds have equally many of these
    groups, to one, in an order that depends on the content of the songs alone.
    """
    hashes, group_of = _hash_of_group(songs)
    return np.argsort(np.argsort(hashes))[group_of] % count


def _hash_of_group(songs: Sequence[Song]) -> tuple[NDArray[np.uint64], NDArray[np.intp]]:
    """The smallest hash of the songs in each group of same ones, and the group of each song."""
    group_of = same_songs(songs)
    hashes = np.full(int(group_of.max(initial=-1)) + 1, np.iinfo(np.uint64).max)
    np.minimum.at(hashes, group_of, np.array([content_hash(song) for song in songs], np.uint64))
    return hashes, group_of
