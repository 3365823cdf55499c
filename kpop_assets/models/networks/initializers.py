"""First weights that a seed fixes, different in every layer."""

from collections.abc import Callable, Iterator

import keras
import numpy as np


def seeded_initializers(
    build: Callable[..., keras.Initializer], seed: int | None, stream: int
) -> Iterator[keras.Initializer]:
    """Yield an initializer for each layer; `stream` tells networks of one seed apart.

    `build` takes a seed, for instance keras.initializers.GlorotUniform. Without a seed the first
    weights differ from call to call.
    """
    layer = 0
    while True:
        if seed is None:
            yield build()
        else:
            (word,) = np.random.SeedSequence([seed, stream, layer]).generate_state(1)
            yield build(seed=int(word) & 0x7FFFFFFF)
        layer += 1
