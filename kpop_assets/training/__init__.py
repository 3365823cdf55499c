"""The training loop: steps, checkpoints, going back, the best result; knows no recipe."""
