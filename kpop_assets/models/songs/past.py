"""What the tokens so far say of the next: the place in the bar, and what was there before.

A network that gets this beside the last token need not find out by itself what a bar is, and can
take up what sounded a bar, four bars or half a song ago.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpop_assets.songs.song import HIGHEST_PITCH, LOWEST_PITCH
from kpop_assets.songs.tokens import (
    BEGIN,
    FIRST_DURATION,
    FIRST_INTERVAL,
    FIRST_PITCH,
    LONGEST,
    PADDING,
    Tokens,
    is_interval,
    is_pitch,
)

KEYS = HIGHEST_PITCH - LOWEST_PITCH + 1
PLACES = 64
"""Places in four bars of sixteen sixteenths."""
BARS_AGO = (1, 2, 4, 8)
HINTS = len(BARS_AGO) + 2
"""One for each of BARS_AGO, one of the onset before, one of the longest match."""
RECENT_ONSETS = 12
"""Onsets within which a song is stuck that strikes one or two pitch classes only."""
SHORTEST_MATCH, LONGEST_MATCH = 5, 40
_MATCH_STEPS = (1, 8, 12, 20, 40)
MATCHES = len(_MATCH_STEPS) + 1
"""Lengths of matches, in steps; 0 is none."""
MAPS = len(BARS_AGO) + 4
"""Bits of what is known of a key of the piano."""
_FADING = 0.97
"""What is left of a pitch class in the memory of the key after each onset."""


@dataclass(frozen=True)
class Facts:
    """What is known behind each of T tokens, and at each of R times that an interval led to.

    `places` uint8 (T,): sixteenths since the start of a group of four bars. `hints` uint8
    (T, HINTS): the token that followed in a like place, PADDING where there was none: at the onset
    1, 2, 4 and 8 bars ago, at the onset before, and where the last tokens stood before. `matches`
    uint8 (T,): how long that last match is, in steps. `shortest` uint8 (T,): sixteenths, counted
    from 0, that the next duration has at least. `rows` int32 (T,): which time it is.

    `maps` uint8 (R, KEYS), bits: which pitches there were at this time 1, 2, 4 and 8 bars ago, at
    the onset before and the one before that, which sound still, and which were hit in the last
    four bars. `classes` float32 (R, 12): how much of each pitch class, from C on, there was,
    fading; `bass` uint8 (R,): pitch class of the lowest pitch of the onset before, 12 for none.
    """

    places: NDArray[np.uint8]
    hints: NDArray[np.uint8]
    matches: NDArray[np.uint8]
    shortest: NDArray[np.uint8]
    rows: NDArray[np.int32]
    maps: NDArray[np.uint8]
    classes: NDArray[np.float32]
    bass: NDArray[np.uint8]


def facts_of(tokens: Tokens) -> Facts:
    """Return the facts of a song, behind each of its tokens."""
    past = Past()
    behind = []
    maps, classes, bass = [past.maps], [past.classes], [past.bass]
    for token in tokens.tolist():
        past.add(token)
        if past.row == len(maps):
            maps.append(past.maps)
            classes.append(past.classes)
            bass.append(past.bass)
        behind.append((past.place, past.match, past.shortest, past.row, *past.hints()))
    numbers = np.array(behind, np.int32)
    small = numbers.astype(np.uint8)
    return Facts(
        small[:, 0],
        small[:, 4:],
        small[:, 1],
        small[:, 2],
        numbers[:, 3],
        np.array(maps, np.uint8),
        np.array(classes, np.float32),
        np.array(bass, np.uint8),
    )


class Past:
    """The tokens so far, and what they say of the next; grows by a token at a time.

    Its attributes are what Facts has for each of them. `time` is in sixteenths, `onset` is which
    pitches there are at this time already, bool (KEYS,), `duration` how long the last group of them
    is so far, `repeated` for how many sixteenths now all was as it was before.
    """

    def __init__(self) -> None:
        self.tokens: list[int] = []
        self.time = 0
        self.row = -1
        self.place = self.match = self.shortest = 0
        self._begins: dict[int, int] = {}
        self._before: int | None = None
        self._onsets: dict[int, NDArray[np.bool_]] = {}
        self._last_two = [np.zeros(KEYS, np.bool_)] * 2
        self._ends = np.zeros(KEYS, np.int32)
        self._hit = np.full(KEYS, -1000, np.int32)
        self._group: list[int] = []
        self.duration = 0
        self._seen: dict[tuple[int, ...], int] = {}
        self._pointer = self._matched = 0
        self._since = 0
        self._classes = np.zeros(12, np.float32)
        self._recent: deque[NDArray[np.bool_]] = deque(maxlen=RECENT_ONSETS)
        self.onset = np.zeros(KEYS, np.bool_)
        self._look()

    def add(self, token: int) -> None:
        """Go on by a token that can follow."""
        self.tokens.append(token)
        if is_interval(token):
            self._leave()
            self.time += token - FIRST_INTERVAL
            self._look()
        elif is_pitch(token):
            pitch = token - FIRST_PITCH
            if self.duration:
                self.shortest = min(self.duration, LONGEST - 1)
                self._group, self.duration = [], 0
            self._group.append(pitch)
            self.onset[pitch] = True
        elif token >= FIRST_DURATION:
            self.duration += token - FIRST_DURATION + 1
            self._ends[self._group] = self.time + self.duration
            self.shortest = 0
        self._find_match(token)

    @property
    def repeated(self) -> int:
        """For how many sixteenths now all was as it was before."""
        return self.time - self._since if self._pointer else 0

    @property
    def stuck(self) -> NDArray[np.bool_]:
        """Which keys have the pitch classes of the last RECENT_ONSETS, bool (KEYS,), if one or two.

        None where there were more classes, or fewer onsets so far.
        """
        classes = (np.arange(KEYS) + LOWEST_PITCH) % 12
        if len(self._recent) < RECENT_ONSETS:
            return np.zeros(KEYS, np.bool_)
        heard = np.unique(classes[np.any(self._recent, axis=0)])
        return np.isin(classes, heard if len(heard) <= 2 else [])

    def hints(self) -> list[int]:
        """Return the tokens that followed in like places, (HINTS,), PADDING where none did."""
        begins = [self._begins.get(self.time - 16 * bars) for bars in BARS_AGO]
        found = [self._next_at(begin) for begin in [*begins, self._before]]
        return [*found, self.tokens[self._pointer] if self._pointer else PADDING]

    def _leave(self) -> None:
        """End what is at this time, before an interval."""
        if self._group:
            self._onsets[self.time] = self.onset
            self._recent.append(self.onset)
            self._last_two = [self.onset, self._last_two[0]]
            self._hit[self.onset] = self.time
            heard = np.bincount((np.flatnonzero(self.onset) + LOWEST_PITCH) % 12, minlength=12)
            self._classes = self._classes * np.float32(_FADING) + heard.astype(np.float32)
            self._before = self._begins[self.time]
        self.onset = np.zeros(KEYS, np.bool_)
        self._group, self.duration, self.shortest = [], 0, 0

    def _look(self) -> None:
        """See what there was before, at a new time."""
        self.row += 1
        self.place = self.time % PLACES
        self._begins[self.time] = max(len(self.tokens) - 1, 0)
        ago = [self._onsets.get(self.time - 16 * bars) for bars in BARS_AGO]
        maps = np.zeros(KEYS, np.uint8)
        for bit, there in enumerate(
            [*ago, *self._last_two, self._ends > self.time, self._hit > self.time - PLACES]
        ):
            if there is not None:
                maps |= there.astype(np.uint8) << bit
        self.maps = maps
        self.classes = self._classes / max(float(self._classes.sum()), 1.0)
        before = np.flatnonzero(self._last_two[0])
        self.bass = (int(before[0]) + LOWEST_PITCH) % 12 if len(before) else 12

    def _next_at(self, begin: int | None) -> int:
        """Return what followed the last token at the onset that begins at a place of the tokens."""
        if begin is None:
            return PADDING
        last = self.tokens[-1]
        if is_interval(last) or last == BEGIN:
            return self.tokens[begin + 1] if begin + 1 < len(self.tokens) else PADDING
        for place in range(begin + 1, len(self.tokens) - 1):
            if is_interval(self.tokens[place]):
                break
            if self.tokens[place] == last:
                return self.tokens[place + 1]
        return PADDING

    def _find_match(self, token: int) -> None:
        """Follow the match, or find another, of the last tokens among those before."""
        if self._pointer and self.tokens[self._pointer] == token:
            self._pointer += 1
            self._matched += 1
        else:
            self._pointer = self._matched = 0
            self._since = self.time
        last = tuple(self.tokens[-SHORTEST_MATCH:])
        if len(last) == SHORTEST_MATCH:
            if not self._pointer and (found := self._seen.get(last)):
                self._pointer = found
                self._matched = self._length_of_match(found)
            self._seen[last] = len(self.tokens)
        self.match = sum(self._matched >= least for least in _MATCH_STEPS)

    def _length_of_match(self, pointer: int) -> int:
        now = len(self.tokens)
        length = 0
        while length < min(LONGEST_MATCH, pointer) and (
            self.tokens[pointer - 1 - length] == self.tokens[now - 1 - length]
        ):
            length += 1
        return length
