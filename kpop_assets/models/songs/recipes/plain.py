"""The recipe plain, as it is chosen and shown: the LSTM that sees tokens and nothing else."""

from kpop_assets.models.songs.song_recipe import SongRecipe

RECIPE = SongRecipe(
    description="says the next token behind each, from the tokens before alone; for comparison",
    settings={
        "steps": 600,
        "batch_size": 16,
        "window": 128,
        "width": 192,
        "layers": 2,
        "learning_rate": 2e-3,
        "dropout": 0.3,
        "weight_decay": 1e-4,
        "evaluate_every": 50,
        "frame_every": 50,
    },
    losses={"token": "token: what the next token costs"},
    loss_unit="bits a token",
    context=False,
)
