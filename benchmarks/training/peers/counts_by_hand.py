"""The operations that flops.py counts, beside counts done by hand.

python -m benchmarks.training.peers.counts_by_hand
"""

from benchmarks.training.peers import keras_io, mlwhiz, tensorflow_tutorial


def main() -> None:
    """Print both."""
    batch = 16
    layers = {"generator": 285.5e6, "without 3×3": 210.0e6, "discriminator": 207.6e6}
    print("GFLOP per picture; by hand: passes × " + str({k: v / 1e9 for k, v in layers.items()}))
    for name, count, expected in (
        ("original's loop", mlwhiz.count(batch, refined=True), 2.80),
        ("keras-io's train_step", keras_io.count(batch, refined=False), 2.50),
        ("TensorFlow tutorial", tensorflow_tutorial.count(batch, refined=False), 2.08),
    ):
        print(f"{name:24} {count / batch / 1e9:.3f}, expected {expected:.2f}")


if __name__ == "__main__":
    main()
