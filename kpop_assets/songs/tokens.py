"""Songs as rows of tokens: when, which keys, how long.

An onset is the sixteenths since the onset before (the first since the start of the first bar), then
its notes in groups of equal duration, shortest first: the pitches, ascending, and their duration.
Intervals and durations above LONGEST are several tokens that add up. Every song on its grid has
one row of tokens, and tokens lead back to it.

    BEGIN  I0 P48 P64 D4 P36 D8  I4 P67 D2 ... END
"""

from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from kpop_assets.errors import KpopAssetsError
from kpop_assets.songs.song import HIGHEST_PITCH, LOWEST_PITCH, in_order

LONGEST = 16
PADDING, BEGIN, END = 0, 1, 2
FIRST_INTERVAL = 3
"""The token of an interval of 0 sixteenths; that of n is so much more."""
FIRST_PITCH = FIRST_INTERVAL + LONGEST + 1
FIRST_DURATION = FIRST_PITCH + HIGHEST_PITCH - LOWEST_PITCH + 1
"""The token of a duration of 1 sixteenth."""
VOCABULARY = FIRST_DURATION + LONGEST

Tokens = NDArray[np.int32]


class TokenError(KpopAssetsError):
    """Tokens that stand where none of their kind can."""


def is_interval(token: int) -> bool:
    """Whether a token is an interval."""
    return FIRST_INTERVAL <= token < FIRST_PITCH


def is_pitch(token: int) -> bool:
    """Whether a token is a pitch."""
    return FIRST_PITCH <= token < FIRST_DURATION


def is_duration(token: int) -> bool:
    """Whether a token is a duration."""
    return FIRST_DURATION <= token < VOCABULARY


def encoded(notes: NDArray[np.int32]) -> Tokens:
    """Return the tokens, int32 (T,), of the notes of a Song, from BEGIN to END."""
    tokens = [BEGIN]
    before = 0
    for onset, there in groupby(notes.tolist(), key=lambda note: note[0]):
        interval = onset - before
        tokens += [FIRST_INTERVAL + LONGEST] * ((interval - 1) // LONGEST if interval else 0)
        tokens.append(FIRST_INTERVAL + (interval - 1) % LONGEST + 1 if interval else FIRST_INTERVAL)
        before = onset
        by_duration = sorted((duration, pitch) for _, duration, pitch in there)
        for duration, group in groupby(by_duration, key=lambda note: note[0]):
            tokens += [FIRST_PITCH + pitch - LOWEST_PITCH for _, pitch in group]
            tokens += [FIRST_DURATION + LONGEST - 1] * ((duration - 1) // LONGEST)
            tokens.append(FIRST_DURATION + (duration - 1) % LONGEST)
    return np.array([*tokens, END], np.int32)


def decoded(tokens: Tokens) -> NDArray[np.int32]:
    """Return the notes of a Song, int32 (N, 3), for tokens from BEGIN on; END may be missing.

    Raises TokenError where a token cannot follow the one before.
    """
    notes: list[tuple[int, int, int]] = []
    group: list[int] = []
    onset = duration = 0
    for before, token in pairwise([*map(int, tokens), END]):
        if not can_follow(before, token):
            raise TokenError(f"expected a token that can follow {before}, got {token}")
        if is_duration(before) and not is_duration(token):
            notes += [(onset, duration, pitch) for pitch in group]
            group, duration = [], 0
        if is_interval(token):
            onset += token - FIRST_INTERVAL
        elif is_pitch(token):
            group.append(token - FIRST_PITCH + LOWEST_PITCH)
        elif is_duration(token):
            duration += token - FIRST_DURATION + 1
        elif token == END:
            break
    return in_order(np.array(notes, np.int32).reshape(-1, 3))


def can_follow(before: int, token: int) -> bool:
    """Whether a token may stand behind another; of pitches, that they ascend within a group.

    Neither says what a song as a whole must hold to: tests hold `encoded` to its one order.
    """
    if is_interval(token):
        longest = before == FIRST_INTERVAL + LONGEST
        return before == BEGIN or (token > FIRST_INTERVAL and (is_duration(before) or longest))
    if is_pitch(token):
        return is_interval(before) or is_duration(before) or (is_pitch(before) and token > before)
    if is_duration(token):
        return is_pitch(before) or before == VOCABULARY - 1
    return token == END and (is_duration(before) or before in (BEGIN, END))
