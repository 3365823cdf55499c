"""The recipe dcgan, as it is chosen and shown."""

from kpop_assets.models.recipe import Recipe

RECIPE = Recipe(
    description="the original's networks with augmentation and averaged weights; learns from the "
    "covers alone",
    settings={
        "steps": 8000,
        "batch_size": 16,
        "noise_size": 100,
        "width": 32,
        "generator_learning_rate": 2e-4,
        "discriminator_learning_rate": 2e-4,
        "beta_1": 0.5,
        "label_noise": 0.0,
        "frame_every": 100,
        "evaluate_every": 500,
    },
    losses={
        "discriminator_real": "discriminator, real covers",
        "discriminator_fake": "discriminator, generated covers",
        "generator": "generator",
    },
    loss_unit="binary cross-entropy (nats)",
    learner="kpop_assets.models.dcgan.learner:DcganLearner",
)
