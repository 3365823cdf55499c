from itertools import pairwise

import numpy as np
import pytest

from kpop_assets.songs.song import Song
from kpop_assets.songs.tokens import (
    BEGIN,
    END,
    FIRST_DURATION,
    FIRST_INTERVAL,
    FIRST_PITCH,
    LONGEST,
    PADDING,
    VOCABULARY,
    TokenError,
    can_follow,
    decoded,
    encoded,
)
from kpop_assets_tests.songs.making import of_notes, pop_song, scattered_song

SONGS = [
    *(pop_song(seed, seed) for seed in range(12)),
    *(scattered_song(seed) for seed in range(12)),
    of_notes((3, 1, 21)),
    of_notes(*[(0, 1 + pitch % 40, pitch) for pitch in range(21, 109)]),
    of_notes((0, LONGEST, 60), (LONGEST, LONGEST + 1, 60), (1_000, 3 * LONGEST, 60)),
    of_notes(),
]


def interval(sixteenths: int) -> int:
    return FIRST_INTERVAL + sixteenths


def pitch(key: int) -> int:
    return FIRST_PITCH + key - 21


def duration(sixteenths: int) -> int:
    return FIRST_DURATION + sixteenths - 1


@pytest.mark.parametrize("song", SONGS)
def test_tokens_lead_back_to_the_song_and_follow_the_grammar(song: Song) -> None:
    tokens = encoded(song.notes)
    assert tokens[0] == BEGIN
    assert tokens[-1] == END
    assert tokens.max() < VOCABULARY
    assert all(can_follow(one, other) for one, other in pairwise(tokens))
    assert np.array_equal(decoded(tokens), song.notes)
    assert np.array_equal(decoded(tokens[:-1]), song.notes)
    assert decoded(tokens).dtype == np.int32


def test_an_onset_is_its_interval_and_groups_of_pitches_with_their_duration() -> None:
    song = of_notes((0, 4, 64), (0, 4, 60), (0, 8, 36), (4, 2, 67))
    assert encoded(song.notes).tolist() == [
        *(BEGIN, interval(0), pitch(60), pitch(64), duration(4), pitch(36), duration(8)),
        *(interval(4), pitch(67), duration(2), END),
    ]


@pytest.mark.parametrize(
    ("sixteenths", "parts"), [(16, [16]), (17, [16, 1]), (32, [16, 16]), (33, [16, 16, 1])]
)
def test_long_intervals_and_durations_are_tokens_that_add_up(
    sixteenths: int, parts: list[int]
) -> None:
    song = of_notes((0, sixteenths, 60), (sixteenths, 1, 60))
    assert encoded(song.notes).tolist() == [
        *(BEGIN, interval(0), pitch(60), *map(duration, parts)),
        *(*map(interval, parts), pitch(60), duration(1), END),
    ]


@pytest.mark.parametrize(
    "tokens",
    [
        (BEGIN, pitch(60)),
        (BEGIN, duration(1)),
        (BEGIN, interval(0), interval(1)),
        (BEGIN, interval(1), interval(1)),
        (BEGIN, interval(16), interval(0)),
        (BEGIN, interval(0), duration(1)),
        (BEGIN, interval(0), END),
        (BEGIN, interval(0), pitch(60), interval(1)),
        (BEGIN, interval(0), pitch(60), END),
        (BEGIN, interval(0), pitch(60), pitch(60)),
        (BEGIN, interval(0), pitch(60), pitch(59)),
        (BEGIN, interval(0), pitch(60), duration(1), interval(0)),
        (BEGIN, interval(0), pitch(60), duration(1), duration(1)),
        (BEGIN, PADDING),
        (BEGIN, BEGIN),
        (BEGIN, VOCABULARY),
        (BEGIN, -1),
    ],
)
def test_tokens_where_none_of_their_kind_can_stand_are_refused(tokens: tuple[int, ...]) -> None:
    assert not can_follow(*tokens[-2:])
    with pytest.raises(TokenError, match=f"follow {tokens[-2]}, got {tokens[-1]}"):
        decoded(np.array(tokens, np.int32))


@pytest.mark.parametrize("seed", range(10))
def test_whatever_the_grammar_allows_is_a_song(seed: int) -> None:
    random = np.random.default_rng(seed)
    tokens = [BEGIN]
    while tokens[-1] != END and len(tokens) < 400:
        allowed = [token for token in range(VOCABULARY) if can_follow(tokens[-1], token)]
        tokens.append(int(random.choice(allowed)))
    while tokens[-1] != END:
        last = tokens[-1]
        tokens.append(next(t for t in (END, duration(1), pitch(60)) if can_follow(last, t)))
    notes = decoded(np.array(tokens, np.int32))
    assert np.array_equal(decoded(encoded(notes)), notes)
