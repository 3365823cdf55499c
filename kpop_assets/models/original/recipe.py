"""The recipe original, as it is chosen and shown."""

from kpop_assets.models.dcgan.recipe import RECIPE as DCGAN
from kpop_assets.models.recipe import Recipe

GENERAL_COVER_SET = "general"

RECIPE = Recipe(
    description="the original project's rule, as it was",
    settings={
        "steps": 10_000,
        "batch_size": 64,
        "noise_size": 100,
        "width": 64,
        "generator_learning_rate": 1.5e-4,
        "discriminator_learning_rate": 2e-4,
        "beta_1": 0.5,
        "label_noise": 0.2,
        "frame_every": 100,
        "evaluate_every": 500,
    },
    of_set={GENERAL_COVER_SET: {"batch_size": 32, "noise_size": 128}},
    losses=DCGAN.losses,
    loss_unit=DCGAN.loss_unit,
    learner="kpop_assets.models.original.learner:OriginalLearner",
    largest_size=512,
    float32_because="the recipe original trains in float32, as the original did",
)
