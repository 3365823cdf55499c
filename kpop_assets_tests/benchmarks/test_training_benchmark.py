"""benchmarks/training/steps.py: it counts what a step computes, and lets contenders take turns."""

import pathlib
import subprocess
import sys

import pytest
import tensorflow as tf

from benchmarks.training.peers import flops, keras_io, mlwhiz, tensorflow_tutorial

PROJECT = pathlib.Path(__file__).parents[2]
GENERATOR, DISCRIMINATOR = 285.5e6, 207.6e6
FIRST_LAYER = 6.3e6


def counted(step, *shapes):
    return flops.counted(step, *(tf.TensorSpec(shape) for shape in shapes))


def test_a_convolution_counts_its_taps():
    kernel = tf.ones((3, 3, 4, 5))
    count = counted(lambda x: tf.nn.conv2d(x, kernel, 1, "SAME"), (2, 8, 8, 4))
    assert count == 2 * (2 * 8 * 8 * 5) * (3 * 3 * 4)


def test_a_transposed_convolution_counts_as_the_convolution_it_transposes():
    kernel = tf.ones((4, 4, 5, 3))
    count = counted(
        lambda x: tf.nn.conv2d_transpose(x, kernel, (2, 16, 16, 5), 2, "SAME"), (2, 8, 8, 3)
    )
    assert count == 2 * (2 * 8 * 8 * 3) * (4 * 4 * 5)


def test_a_matrix_product_counts_whichever_way_it_is_turned():
    right = tf.ones((6, 7))
    straight = counted(lambda x: tf.matmul(x, right), (5, 6))
    turned = counted(lambda x: tf.matmul(x, right, transpose_a=True), (6, 5))
    assert straight == turned == 2 * 5 * 6 * 7


def test_only_the_gradients_that_are_used_count():
    kernel = tf.Variable(tf.ones((3, 3, 4, 5)))

    def gradients(x, to):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.nn.conv2d(x, kernel, 1, "SAME")
        return tape.gradient(y, to(x))

    one_pass = 2 * (2 * 8 * 8 * 5) * (3 * 3 * 4)
    shape = (2, 8, 8, 4)
    assert counted(lambda x: gradients(x, lambda x: x), shape) == one_pass
    assert counted(lambda x: gradients(x, lambda _: kernel), shape) == one_pass
    assert counted(lambda x: gradients(x, lambda x: [x, kernel]), shape) == 2 * one_pass


@pytest.mark.slow
def test_the_published_rules_count_as_their_passes_by_hand():
    generator, discriminator = GENERATOR, DISCRIMINATOR
    assert mlwhiz.count(4) / 4 == pytest.approx(
        4 * generator + 8 * discriminator - 2 * FIRST_LAYER, rel=0.005
    )
    assert keras_io.count(4) / 4 == pytest.approx(
        4 * generator + 8 * discriminator - 2 * FIRST_LAYER, rel=0.005
    )
    assert tensorflow_tutorial.count(4) / 4 == pytest.approx(
        3 * generator + 7 * discriminator - 2 * FIRST_LAYER, rel=0.005
    )


@pytest.mark.slow
def test_contenders_take_turns_and_a_table_says_who_was_faster():
    command = [sys.executable, "-m", "benchmarks.training.steps", "--batches", "2", "--rounds", "1"]
    command += ["--most-rounds", "1", "--pictures", "2", "--only", "original", "dcgan"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT)
    assert done.returncode == 0, done.stderr
    rows = [line.split(" | ")[0] for line in done.stdout.splitlines() if line.startswith("| ")]
    assert sorted(rows[1:]) == ["| original's loop", "| ours, dcgan", "| ours, original"]
    assert "the recipe dcgan is" in done.stdout
