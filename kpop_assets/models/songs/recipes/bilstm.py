"""The recipe bilstm, as it is chosen and shown.

What is to come would give the answer away, so both directions read a window of what is behind, and
say the one token that follows it.
"""

from kpop_assets.models.songs.song_recipe import SongRecipe

RECIPE = SongRecipe(
    description="reads the last tokens from both ends and says the one that follows; slower to "
    "learn and to write, since a window teaches one token",
    settings={
        "steps": 1200,
        "batch_size": 128,
        "window": 32,
        "width": 96,
        "layers": 1,
        "learning_rate": 2e-3,
        "dropout": 0.3,
        "weight_decay": 1e-4,
        "evaluate_every": 200,
        "frame_every": 200,
    },
    losses={"token": "token: what the next token costs"},
    loss_unit="bits a token",
    both_ways=True,
)
