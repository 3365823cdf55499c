"""The recipe students, as it is chosen and shown: the notebook of the original project.

Music_kpop.ipynb of ucsd-dsc-arts/dsc160-final-dsc160-group18. Its five epochs of 58 songs are some
3,200 steps.
"""

from kpop_assets.models.songs.song_recipe import SongRecipe

_HERE = "kpop_assets.models.songs.recipes.students"

RECIPE = SongRecipe(
    description="the original project's notebook as it was: LSTMs, each of half the width, that "
    "guess the next pitch as a number; no rhythm, no chords, few pitches; for comparison",
    settings={
        "steps": 3200,
        "batch_size": 32,
        "window": 30,
        "width": 256,
        "layers": 3,
        "learning_rate": 1e-3,
        "dropout": 0.6,
        "weight_decay": 0.0,
        "evaluate_every": 0,
        "frame_every": 400,
    },
    losses={"pitch": "pitch: how far the next one is, squared"},
    loss_unit="squared share of the range",
    network=f"{_HERE}.network:students_network",
    learner="kpop_assets.models.songs.sequences.learner:SequenceLearner",
    foretells=False,
)
