import numpy as np
import pytest

from kpop_assets.models.songs.past import BARS_AGO, HINTS, KEYS, Past, facts_of
from kpop_assets.songs.song import LOWEST_PITCH
from kpop_assets.songs.tokens import FIRST_INTERVAL, FIRST_PITCH, PADDING, encoded
from kpop_assets_tests.models.songs.small_songs import SONGS

A_BAR_AGO, MATCH = 0, HINTS - 1


def notes_of(*onsets):
    return np.array([(onset, 2, pitch) for onset, pitch in onsets], np.int32)


def test_what_is_known_behind_a_token_does_not_change_with_what_comes():
    whole = facts_of(SONGS[0])
    for length in (1, 7, 20, len(SONGS[0]) - 1):
        part = facts_of(SONGS[0][:length])
        rows = int(part.rows[-1]) + 1
        for name, known in vars(part).items():
            of_whole = getattr(whole, name)
            np.testing.assert_array_equal(known, of_whole[: len(known)], name)
        assert len(part.maps) == rows


def test_the_hint_of_a_bar_ago_is_what_followed_there():
    tokens = encoded(notes_of((0, 60), (4, 62), (16, 60), (20, 65)))
    facts = facts_of(tokens)
    at_second_bar = int(np.flatnonzero(tokens == FIRST_INTERVAL + 12)[0])
    c = FIRST_PITCH + 60 - LOWEST_PITCH
    assert facts.hints[at_second_bar, A_BAR_AGO] == c
    assert facts.hints[at_second_bar + 2, A_BAR_AGO] == FIRST_INTERVAL + 4
    assert facts.hints[0].tolist() == [PADDING] * HINTS
    assert facts.maps[facts.rows[at_second_bar], 60 - LOWEST_PITCH] & 1 << A_BAR_AGO


def test_a_long_match_says_what_came_then():
    notes = [(2 * place, 60 + place % 5) for place in range(40)]
    tokens = encoded(notes_of(*notes))
    facts = facts_of(tokens)
    matched = facts.matches[:-1] > 0
    assert matched[22:].all()
    assert (facts.hints[:-1, MATCH] == tokens[1:])[matched][:-1].all()
    assert facts.matches.max() == 5


def test_the_next_duration_is_longer_than_that_of_the_group_before():
    past = Past()
    for token in encoded(np.array([[0, 2, 60], [0, 7, 64]], np.int32))[:5].tolist():
        past.add(token)
    assert past.shortest == 2


@pytest.mark.parametrize("song", SONGS)
def test_maps_hold_what_sounded(song):
    facts = facts_of(song)
    assert facts.maps.shape == (facts.rows.max() + 1, KEYS)
    assert len(BARS_AGO) == 4
    assert facts.classes.sum(axis=1).max() == pytest.approx(1.0)
    assert facts.bass[0] == 12
