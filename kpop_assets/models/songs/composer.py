"""A network that composes songs, of any recipe."""

from abc import ABC, abstractmethod

import keras
import numpy as np
from numpy.typing import NDArray

from kpop_assets.models.songs.generation import SongWish


class Composer(keras.Model, ABC):
    """What all networks of songs can do.

    `window` is how much of a song they read at once; `preview_bars` is how long the song is that
    shows how far a training is.
    """

    window: int
    preview_bars = 16

    @abstractmethod
    def compose(self, wish: SongWish, seed: int) -> NDArray[np.int32]:
        """Return the notes of a Song, int32 (N, 3), the same for the same seed.

        The key of the wish may be left alone. Raises SongSettingError for a wish that cannot be
        met.
        """
