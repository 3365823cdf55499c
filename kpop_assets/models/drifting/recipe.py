"""The recipe drifting, as it is chosen and shown."""

from kpop_assets.models.recipe import Recipe

RECIPE = Recipe(
    description="no discriminator, covers drift to the real ones as a pretrained network sees "
    "them; for few covers",
    settings={
        "steps": 750,
        "batch_size": 64,
        "noise_size": 128,
        "width": 64,
        "generator_learning_rate": 2e-3,
        "discriminator_learning_rate": 2e-3,
        "beta_1": 0.5,
        "label_noise": 0.0,
        "frame_every": 10,
        "evaluate_every": 75,
    },
    losses={"drift": "drift: how far features were to move"},
    loss_unit="drift",
    learner="kpop_assets.models.drifting.learner:DriftingLearner",
    no_xla_because={
        32: "drifting enlarges covers of 32 pixels threefold, which XLA got wrong in TensorFlow "
        "2.21; choose an image_size of 64 or more"
    },
)
