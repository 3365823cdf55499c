"""The machine's float32 peak: one large matrix product at a time."""

import time

import tensorflow as tf

from benchmarks.training.peers.contender import Contender, Task, Turn

SIZE = 2048


def build(_task: Task | None) -> Contender:
    """Return products of two 2048×2048 matrices; a turn tells the fastest."""
    left, right = tf.random.normal((SIZE, SIZE)), tf.random.normal((SIZE, SIZE))
    product = tf.function(tf.matmul)

    def turn(steps: int) -> Turn:
        seconds = []
        for _ in range(steps):
            begin = time.perf_counter()
            value = float(product(left, right)[0, 0])
            seconds.append(time.perf_counter() - begin)
        return Turn(min(seconds), 0.0, value)

    return Contender(turn, 2.0 * SIZE**3)


def peak_gflops() -> float:
    """Return the machine's float32 peak in 10^9 operations a second."""
    products = build(None)
    products.turn(1)
    return products.flops / products.turn(6).seconds / 1e9
