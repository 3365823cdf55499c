"""The recipe classifier, as it is chosen and shown: Skuldur's Classical-Piano-Composer, 2019.

The learner is Adam, where it was RMSprop with the same learning rate. Its 200 epochs of 58 songs
are some 8,000 steps, most of a day on two cores.
"""

from kpop_assets.models.songs.song_recipe import SongRecipe

_HERE = "kpop_assets.models.songs.recipes.classifier"

RECIPE = SongRecipe(
    description="the often copied Classical-Piano-Composer: LSTMs that classify the next note or "
    "chord; no rhythm, no octaves of chords, the likeliest always; for comparison, and very slow",
    settings={
        "steps": 8000,
        "batch_size": 128,
        "window": 100,
        "width": 512,
        "layers": 3,
        "learning_rate": 1e-3,
        "dropout": 0.3,
        "weight_decay": 0.0,
        "evaluate_every": 0,
        "frame_every": 400,
    },
    losses={"symbol": "symbol: what the next note or chord costs"},
    loss_unit="bits a symbol",
    network=f"{_HERE}.network:classifier_network",
    learner="kpop_assets.models.songs.sequences.learner:SequenceLearner",
    foretells=False,
)
