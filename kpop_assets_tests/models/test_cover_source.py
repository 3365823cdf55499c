import hashlib
import os
import pathlib
import threading

import keras
import numpy as np
import pytest
import tensorflow as tf

from kpop_assets.covers.resized import HEADER_BYTES, write_resized
from kpop_assets.covers.tensors import read_resized, write_cover_tensors
from kpop_assets.models.cover_source import (
    CoverSource,
    InMemoryCovers,
    StreamedCovers,
    as_cover_source,
)
from kpop_assets.models.errors import CoverFileError, CoversShapeError

SIZE = 32
COUNT = 11
COVER_BYTES = SIZE * SIZE * 3


def write_cover_file(path: pathlib.Path, count: int) -> np.ndarray:
    """Write covers to stream, and return them as they are in memory."""
    random = np.random.default_rng(3)
    pictures = (
        (f"{i:064x}", random.integers(0, 256, (64, 64, 3), dtype=np.uint8)) for i in range(count)
    )
    with path.with_suffix(".parquet").open("w+b") as tensors, path.open("wb") as target:
        write_cover_tensors(pictures, tensors, 64, "sample", batch=4)
        write_resized(tensors, SIZE, target)
        return read_resized(tensors, SIZE)


@pytest.fixture
def path(tmp_path) -> pathlib.Path:
    return tmp_path / "covers.raw"


@pytest.fixture
def array(path) -> np.ndarray:
    """The covers of the file at `path`, which is written."""
    return write_cover_file(path, COUNT)


@pytest.fixture
def in_memory(array) -> InMemoryCovers:
    return InMemoryCovers(array)


@pytest.fixture
def streamed(array, path) -> StreamedCovers:
    source = StreamedCovers(path)
    assert source.count == len(array)
    return source


@pytest.fixture(params=["in_memory", "streamed"])
def source(request) -> CoverSource:
    chosen: CoverSource = request.getfixturevalue(request.param)
    return chosen


def test_a_source_says_what_it_holds(source, array):
    assert (source.count, source.image_size) == (COUNT, SIZE)
    assert source.fingerprint == hashlib.sha256(array.tobytes()).hexdigest()


@pytest.mark.parametrize("rows", [[0], [10, 0, 5], [3, 3, 10, 3], [], list(range(11)) * 3])
def test_rows_are_gathered_in_their_order_also_when_they_repeat(source, array, rows):
    gathered = source.gather(tf.constant(rows, tf.int32))
    assert gathered.dtype == tf.uint8
    np.testing.assert_array_equal(gathered, array[rows])


def test_a_graph_gathers_covers_of_a_known_shape(source, array):
    @tf.function(input_signature=[tf.TensorSpec((4,), tf.int32)], autograph=False)
    def batch(rows: tf.Tensor) -> tf.Tensor:
        covers = source.gather(rows)
        assert covers.shape == (4, SIZE, SIZE, 3)
        return covers

    for rows in ([1, 2, 3, 4], [10, 10, 0, 7]):
        np.testing.assert_array_equal(batch(tf.constant(rows)), array[rows])


@pytest.mark.parametrize("row", [-1, COUNT])
def test_a_row_that_does_not_exist_is_an_error(source, row):
    batch = tf.function(source.gather, input_signature=[tf.TensorSpec((2,), tf.int32)])
    with pytest.raises(tf.errors.InvalidArgumentError):
        batch(tf.constant([0, row]))


def test_pictures_of_rows_come_as_an_array(source, array):
    np.testing.assert_array_equal(source.pictures(np.array([4, 4, 0])), array[[4, 4, 0]])


def test_a_sample_is_spread_evenly_over_the_set(source, array):
    np.testing.assert_array_equal(source.sample(3), array[[0, 3, 7]])
    np.testing.assert_array_equal(source.sample(1), array[:1])


def test_a_sample_of_more_than_there_are_is_all_in_order(source, array):
    np.testing.assert_array_equal(source.sample(100), array)


def test_a_sample_of_none_is_empty(source):
    assert source.sample(0).shape == (0, SIZE, SIZE, 3)


def test_an_array_becomes_a_source_and_a_source_stays_itself(array, streamed):
    assert as_cover_source(array).fingerprint == streamed.fingerprint
    assert as_cover_source(streamed) is streamed


def test_changing_the_array_afterwards_changes_no_cover(array, in_memory):
    before = array.copy()
    array[:] = 0
    np.testing.assert_array_equal(in_memory.sample(COUNT), before)


@pytest.mark.parametrize(
    "covers",
    [
        np.zeros((2, 32, 32, 3), np.float32),
        np.zeros((2, 32, 16, 3), np.uint8),
        np.zeros((2, 32, 32, 1), np.uint8),
        np.zeros(5, np.uint8),
    ],
)
def test_what_is_no_array_of_square_pictures_is_refused_by_name(covers):
    with pytest.raises(CoversShapeError, match="Expected covers as uint8"):
        InMemoryCovers(covers)


def test_no_covers_are_refused_by_name(path):
    nothing = write_cover_file(path, 0)
    for make in (lambda: InMemoryCovers(nothing), lambda: StreamedCovers(path)):
        with pytest.raises(CoversShapeError, match="at least one cover"):
            make()


def weights_after_training(source: CoverSource, batch_size: int) -> list[np.ndarray]:
    """Train a small network in a graph that draws its batches as the training loop does."""
    keras.utils.set_random_seed(0)
    network = keras.Sequential(
        [keras.Input((SIZE, SIZE, 3)), keras.layers.Conv2D(4, 4, 4), keras.layers.Flatten()]
    )
    optimizer = keras.optimizers.Adam(1e-2)
    optimizer.build(network.trainable_variables)

    @tf.function(input_signature=[tf.TensorSpec((), tf.int64)], autograph=False)
    def training_step(step: tf.Tensor) -> None:
        seed = tf.stack([tf.constant(0, tf.int64), step])
        rows = tf.random.stateless_uniform((batch_size,), seed, 0, source.count, tf.int32)
        reals = tf.cast(source.gather(rows), tf.float32) / 127.5 - 1.0
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(network(reals, training=True) - 1.0))
        variables = network.trainable_variables
        optimizer.apply(tape.gradient(loss, variables), variables)

    for step in range(1, 21):
        training_step(tf.constant(step, tf.int64))
    weights: list[np.ndarray] = network.get_weights()
    return weights


@pytest.mark.parametrize("batch_size", [4, 3 * COUNT])
def test_training_ends_with_the_same_weights_from_memory_and_streamed(
    in_memory, streamed, batch_size
):
    once = weights_after_training(in_memory, batch_size)
    again = weights_after_training(streamed, batch_size)
    for one, other in zip(once, again, strict=True):
        np.testing.assert_array_equal(one, other)


def test_several_threads_read_at_once(streamed, array):
    wrong: list[int] = []

    def read(thread: int) -> None:
        random = np.random.default_rng(thread)
        for _ in range(200):
            rows = random.integers(0, COUNT, 8)
            if not np.array_equal(streamed.pictures(rows), array[rows]):
                wrong.append(thread)

    threads = [threading.Thread(target=read, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_a_file_that_is_replaced_or_removed_meanwhile_changes_no_cover(streamed, array, path):
    path.rename(path.with_suffix(".gone"))
    np.testing.assert_array_equal(streamed.sample(COUNT), array)
    path.with_suffix(".gone").unlink()
    np.testing.assert_array_equal(streamed.sample(COUNT), array)


@pytest.mark.parametrize("kept", [0, HEADER_BYTES, HEADER_BYTES + 4 * COVER_BYTES, -1])
@pytest.mark.usefixtures("array")
def test_a_torn_file_is_refused_by_name(path, kept):
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(CoverFileError, match="torn or altered; remove it"):
        StreamedCovers(path)


def test_a_missing_file_is_refused_by_name(path):
    with pytest.raises(CoverFileError, match="run the training again to write it"):
        StreamedCovers(path)


@pytest.mark.usefixtures("array")
def test_a_source_that_is_let_go_closes_its_file(path):
    def open_descriptors() -> int:
        return len(os.listdir("/dev/fd"))

    before = open_descriptors()
    sources = [StreamedCovers(path) for _ in range(20)]
    assert open_descriptors() == before + 20
    del sources
    assert open_descriptors() == before
