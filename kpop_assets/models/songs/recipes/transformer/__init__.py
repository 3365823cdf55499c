"""The recipe transformer, as it is chosen and shown."""

from kpop_assets.models.songs.song_recipe import SongRecipe

RECIPE = SongRecipe(
    description="a small causal transformer: sees what the lstm sees, and looks back at the tokens "
    "of a window in its place; about as good",
    settings={
        "steps": 400,
        "batch_size": 16,
        "window": 128,
        "width": 96,
        "layers": 2,
        "learning_rate": 2e-3,
        "dropout": 0.3,
        "weight_decay": 1e-3,
        "evaluate_every": 25,
        "frame_every": 50,
    },
    losses={"token": "token: what the next token costs"},
    loss_unit="bits a token",
    network="kpop_assets.models.songs.recipes.transformer.network:transformer_network",
)
