"""Which tokens can stand behind others, as numbers to add to logits."""

import numpy as np
from numpy.typing import NDArray

from kpop_assets.songs.tokens import (
    BEGIN,
    FIRST_DURATION,
    LONGEST,
    VOCABULARY,
    can_follow,
    is_duration,
)

IMPOSSIBLE = -1e9

_tokens = range(VOCABULARY)
FOLLOWS: NDArray[np.bool_] = np.array(
    [[token > BEGIN and can_follow(before, token) for token in _tokens] for before in _tokens]
)
"""Whether a token (columns) can stand behind another (rows)."""

LONG_ENOUGH: NDArray[np.bool_] = np.array(
    [
        [not is_duration(token) or token - FIRST_DURATION >= shortest for token in _tokens]
        for shortest in range(LONGEST)
    ]
)
"""Whether a token is none of a duration that is too short, by Facts.shortest."""
