"""Tokens in another key."""

import numpy as np

from kpop_assets.songs.song import in_order, on_piano
from kpop_assets.songs.tokens import (
    FIRST_DURATION,
    FIRST_PITCH,
    Tokens,
    decoded,
    encoded,
)

ALL_KEYS = range(-5, 7)
"""Semitones to all twelve keys, the nearest way."""


def in_key(tokens: Tokens, semitones: int) -> Tokens:
    """Return the tokens of a song some semitones higher.

    Where a pitch would leave the piano it comes back by an octave, into the order of its onset.
    """
    pitches = (tokens >= FIRST_PITCH) & (tokens < FIRST_DURATION)
    moved = np.where(pitches, tokens + semitones, tokens).astype(np.int32)
    if ((moved >= FIRST_PITCH) & (moved < FIRST_DURATION))[pitches].all():
        return moved
    notes = decoded(tokens)
    notes[:, 2] = on_piano(notes[:, 2] + semitones)
    return encoded(in_order(notes))
