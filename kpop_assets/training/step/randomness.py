"""Random numbers that depend on the seed and the step alone, so that a resumed run repeats them."""

from dataclasses import dataclass, replace

import tensorflow as tf

from kpop_assets.training.step.replicas import ALONE, Replica

(
    BATCH,
    REAL_LABELS,
    FAKE_LABELS,
    DISCRIMINATOR_NOISE,
    _UNUSED,
    GENERATOR_NOISE,
    FLIP,
    REAL_AUGMENTATION,
    FAKE_AUGMENTATION,
    CONDITIONS,
    LEFT_OPEN,
) = range(11)
_STREAMS = 16
_ATTEMPT_BITS = 32


@dataclass(frozen=True)
class StepRandomness:
    """The random numbers of one training step.

    `step` and `attempt` are int64 scalars. `attempt` counts how often the run went back after a
    loss that was not finite: each attempt has numbers of its own. Numbers are drawn for the whole
    batch, of `count` rows, of which `replica` gets its own.
    """

    seed: int
    step: tf.Tensor
    attempt: tf.Tensor
    replica: Replica = ALONE

    def stream(self, stream: int) -> tf.Tensor:
        """Return the stateless seed, int64 (2,), of one stream of random numbers."""
        attempt = tf.bitwise.left_shift(self.attempt, tf.constant(_ATTEMPT_BITS, tf.int64))
        return tf.stack([tf.constant(self.seed, tf.int64) + attempt, self.step * _STREAMS + stream])

    def of_all(self) -> "StepRandomness":
        """Return the same random numbers, for what all replicas have in common."""
        return replace(self, replica=ALONE)

    def noise(self, count: int, noise_size: int, stream: int) -> tf.Tensor:
        """Return standard normal noise vectors, float32 (own rows, 1, 1, noise_size)."""
        return self.replica.own(noise_vectors(count, noise_size, self.stream(stream)))

    def uniform(self, count: int, low: float, high: float, stream: int) -> tf.Tensor:
        """Return uniform numbers from [low, high), float32 (own rows, 1)."""
        return self.replica.own(
            tf.random.stateless_uniform((count, 1), self.stream(stream), low, high, alg="philox")
        )

    def rows(self, count: int, of: int, stream: int = BATCH) -> tf.Tensor:
        """Return row numbers from [0, of) drawn with replacement, int32 (own rows,)."""
        return self.replica.own(
            tf.random.stateless_uniform(
                (count,), self.stream(stream), 0, of, dtype=tf.int32, alg="philox"
            )
        )


def fixed_seed(seed: int) -> tf.Tensor:
    """Return a stateless seed, int64 (2,), that is shared with no training step."""
    return tf.constant([seed, -1], tf.int64)


def noise_vectors(count: int, noise_size: int, seed: tf.Tensor) -> tf.Tensor:
    """Return standard normal noise, float32 (count, 1, 1, noise_size)."""
    return tf.random.stateless_normal((count, 1, 1, noise_size), seed, alg="philox")
