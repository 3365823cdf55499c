"""The recipe lstm, as it is chosen and shown."""

from kpop_assets.models.songs.song_recipe import SongRecipe

RECIPE = SongRecipe(
    description="says the next token behind each, from all tokens before and from what sounded in "
    "like places",
    settings={
        "steps": 400,
        "batch_size": 16,
        "window": 128,
        "width": 128,
        "layers": 1,
        "learning_rate": 1e-3,
        "dropout": 0.5,
        "weight_decay": 1e-3,
        "evaluate_every": 25,
        "frame_every": 50,
    },
    losses={"token": "token: what the next token costs"},
    loss_unit="bits a token",
)
