"""K-pop album covers from chart to generated picture, as a Dagster pipeline.

From a notebook:

    import kpop_assets as kpop

    generator = kpop.load("popular")
    pictures = [cover.picture for cover in generator.draw(16, seed=3, size=512)]
    kpop.load_conditional().draw(16, set="girl", year=2012)
    kpop.compose(bars=32, seed=5, key="A minor").save("song.ogg")

Nothing is loaded before it is asked for; see front_door.py, and song_door.py for songs.
"""

import importlib
import os
from typing import TYPE_CHECKING, Any

from kpop_assets.quiet_tensorflow import be_quiet

if TYPE_CHECKING:
    from kpop_assets.front_door import (
        ConditionalGenerator,
        DrawnCover,
        Generator,
        load,
        load_conditional,
        measure,
        train,
    )
    from kpop_assets.song_door import Composed, compose

__all__ = [
    "Composed",
    "ConditionalGenerator",
    "DrawnCover",
    "Generator",
    "compose",
    "load",
    "load_conditional",
    "measure",
    "train",
]
_OF_SONGS = ("Composed", "compose")

# What really goes wrong in TensorFlow arrives as an exception.
be_quiet()
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

# On processors without AVX512 TensorFlow leaves its faster kernels off.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    door = "song_door" if name in _OF_SONGS else "front_door"
    return getattr(importlib.import_module(f"{__name__}.{door}"), name)
