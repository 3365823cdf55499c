"""What a recipe of songs is, readable without loading TensorFlow."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class SongRecipe:
    """A network of songs and how it learns.

    `description` is a line for the person who chooses, `settings` what an empty setting means.
    `losses` has a label for each loss, by its name and in order; `loss_unit` is what they are
    measured in. `network` names a function or class, "package.module:name", that makes the
    untrained Composer from FilledSongSettings; `learner` one that makes the Learner from these and
    Songs. `foretells` is whether the network says how likely a token is, so that songs held out can
    judge it. `both_ways` is whether it reads what is behind as a window, from both ends, and says
    one token for a window; otherwise one behind each. `context` is whether it sees more than
    tokens.
    """

    description: str
    settings: Mapping[str, float]
    losses: Mapping[str, str]
    loss_unit: str
    network: str = "kpop_assets.models.songs.network:song_network"
    learner: str = "kpop_assets.models.songs.learner:SongLearner"
    foretells: bool = True
    both_ways: bool = False
    context: bool = True
