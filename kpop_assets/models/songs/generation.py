"""Songs that a network writes."""

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kpop_assets.errors import KpopAssetsError
from kpop_assets.models.songs.grammar import FOLLOWS, LONG_ENOUGH
from kpop_assets.models.songs.past import KEYS, Past
from kpop_assets.songs.keys import Key
from kpop_assets.songs.song import LOWEST_PITCH
from kpop_assets.songs.tokens import (
    BEGIN,
    END,
    FIRST_DURATION,
    FIRST_INTERVAL,
    FIRST_PITCH,
    LONGEST,
    PADDING,
    VOCABULARY,
    Tokens,
    is_duration,
    is_interval,
)

if TYPE_CHECKING:
    from kpop_assets.models.songs.network import SongNetwork

BAR = 16
MOST_BARS = 512
_OUT_OF_KEY = 2.5
"""What is taken from the logits of pitches out of the key that was asked for."""
_AGAIN = 4.0
"""What is taken from the logits of what would go on with too long a repetition, or being stuck."""
_LAST_CHORD = 8
"""Sixteenths that the notes of the last bar sound at least."""
_INTERVALS = np.arange(LONGEST + 1)
_DURATIONS = np.arange(1, LONGEST + 1)
_CLASSES = (np.arange(KEYS) + LOWEST_PITCH) % 12


class SongSettingError(KpopAssetsError):
    """A song was asked for that cannot be written."""


@dataclass(frozen=True)
class SongWish:
    """What kind of song is asked for.

    `bars` of four beats. `temperature` above 0: the higher, the more daring. `top_p`: of the
    tokens the likeliest are chosen from that have this probability together. `longest_repeat`:
    bars that may repeat what was there before, until something else gets likelier. `begin`: tokens
    from BEGIN on that the song begins with.
    """

    bars: int = 32
    temperature: float = 1.0
    top_p: float = 0.98
    key: Key | None = None
    longest_repeat: int = 4
    begin: Tokens | None = None

    def checked(self) -> "SongWish":
        """Return it; raises SongSettingError where it cannot be met."""
        if not 2 <= self.bars <= MOST_BARS:
            raise SongSettingError(
                f"Expected 2 to {MOST_BARS} bars, got {self.bars}; 32 is a short song."
            )
        if not 0 < self.temperature <= 10:
            raise SongSettingError(
                f"Expected a temperature above 0, up to 10, got {self.temperature}; 1 is usual."
            )
        if not 0 < self.top_p <= 1:
            raise SongSettingError(
                f"Expected a top_p above 0, up to 1, got {self.top_p}; 0.98 is usual."
            )
        if self.key is not None and not 0 <= self.key.tonic < 12:
            raise SongSettingError(f"Expected a tonic from 0, C, to 11, B, got {self.key.tonic}.")
        return self


def generate(network: "SongNetwork", wish: SongWish, seed: int) -> Tokens:
    """Return a song, int32 (T,), from BEGIN to END, the same for the same seed.

    Its last notes begin with its last bar, sound for half of it at least, and end with it at the
    latest. No onset is more than a bar behind the one before, and every token can follow.

    Raises SongSettingError for a wish that cannot be met, also one whose beginning is longer than
    the song.
    """
    wish.checked()
    chance = np.random.default_rng(seed)
    stepper = network.stepper()
    past = Past()
    begin = _beginning(wish)
    for token in begin[:-1]:
        past.add(token)
        stepper.logits(past)
    token = begin[-1]
    writer = _Writer(wish)
    while token != END:
        past.add(token)
        token = writer.next(past, stepper.logits(past).astype(np.float64), chance.random())
    return np.array([*past.tokens, END], np.int32)


class _Writer:
    """Chooses tokens."""

    def __init__(self, wish: SongWish) -> None:
        self._wish = wish
        self._end = wish.bars * BAR
        self._out_of_key = (
            np.zeros(KEYS)
            if wish.key is None
            else np.where(np.isin(_CLASSES, wish.key.scale), 0.0, _OUT_OF_KEY)
        )

    def next(self, past: Past, logits: NDArray[np.float64], chance: float) -> int:
        """Return the token at `chance`, from 0 to below 1, of the probabilities."""
        logits[FIRST_PITCH:FIRST_DURATION] -= self._out_of_key
        logits[FIRST_PITCH:FIRST_DURATION] -= _AGAIN * past.stuck
        hinted = past.hints()[-1]
        if past.repeated >= self._wish.longest_repeat * BAR and hinted != PADDING:
            logits[hinted] -= _AGAIN
        possible = self.possible(past)
        logits = np.where(possible, logits, -np.inf) / self._wish.temperature
        shares = np.exp(logits - logits.max())
        order = np.argsort(-shares, kind="stable")
        cumulated = np.cumsum(shares[order] / shares.sum())
        kept = int(np.searchsorted(cumulated, self._wish.top_p)) + 1
        cumulated = cumulated[:kept]
        place = int(np.searchsorted(cumulated, chance * cumulated[-1], side="right"))
        return int(order[min(place, kept - 1)])

    def possible(self, past: Past) -> NDArray[np.bool_]:
        """Return which tokens can stand next, bool (VOCABULARY,); there is always one."""
        last = past.tokens[-1]
        can = FOLLOWS[last] & LONG_ENOUGH[past.shortest]
        left = self._end - past.time
        ending = left <= BAR
        pitches = can[FIRST_PITCH:FIRST_DURATION]
        pitches &= ~past.onset
        durations = can[FIRST_DURATION:VOCABULARY]
        durations &= past.duration * is_duration(last) + _DURATIONS <= left
        intervals = can[FIRST_INTERVAL:FIRST_PITCH]
        intervals &= (left - BAR >= _INTERVALS) if not ending else False
        if is_interval(last) and last > FIRST_INTERVAL:
            intervals[:] = False
        if is_duration(last):
            pitches &= past.duration < min(left, LONGEST)
        elif ending:
            durations &= _DURATIONS >= _LAST_CHORD
        can[END] = ending and is_duration(last)
        return can


def _beginning(wish: SongWish) -> list[int]:
    """Return the tokens that a song begins with, without END."""
    if wish.begin is None:
        return [BEGIN]
    tokens = [token for token in wish.begin.tolist() if token != END]
    past = Past()
    for before, token in pairwise(tokens):
        if not FOLLOWS[before, token]:
            raise SongSettingError(
                f"Expected a beginning of tokens that can follow each other, got {token} behind "
                f"{before}; make it with songs.tokens.encoded."
            )
    for token in tokens:
        past.add(token)
    if not tokens or tokens[0] != BEGIN or past.time >= (wish.bars - 1) * BAR:
        raise SongSettingError(
            f"Expected a beginning, from BEGIN on, of less than {wish.bars - 1} bars, got "
            f"{past.time / BAR:.1f} bars; ask for a longer song or a shorter beginning."
        )
    return tokens
