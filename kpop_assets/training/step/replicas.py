"""Training on several devices: each replica of a run takes its own rows of every batch."""

import functools
from collections.abc import Callable
from dataclasses import dataclass

import tensorflow as tf

from kpop_assets.errors import KpopAssetsError


class BatchSplitError(KpopAssetsError):
    """A batch cannot be shared evenly by the devices that train together."""


@dataclass(frozen=True)
class Devices:
    """Where a run trains: TensorFlow's names of its devices, and whether these are GPUs."""

    names: tuple[str, ...]
    are_gpus: bool


def visible_devices() -> Devices:
    """Return all GPUs that TensorFlow sees, or the CPU when it sees none."""
    gpus = tuple(gpu.name for gpu in tf.config.list_logical_devices("GPU"))
    return Devices(gpus or ("/CPU:0",), bool(gpus))


def strategy_over(devices: Devices, batch_size: int) -> tf.distribute.Strategy:
    """Return how `devices` train together: TensorFlow's default, which does nothing, for one.

    Raises BatchSplitError when the batch has no equal part for each of them.
    """
    count = len(devices.names)
    if count == 1:
        return tf.distribute.get_strategy()
    if batch_size % count:
        raise BatchSplitError(
            f"Expected a batch_size that {count} devices can share evenly, got {batch_size}; "
            f"choose a multiple of {count}, or show fewer GPUs with CUDA_VISIBLE_DEVICES."
        )
    return _mirrored(devices.names)


@functools.cache
def _mirrored(names: tuple[str, ...]) -> tf.distribute.Strategy:
    """Return the process's one strategy over these devices: a second would reuse its keys."""
    return tf.distribute.MirroredStrategy(names)


def several_replicas() -> bool:
    """Return whether what is built now, in the scope of a strategy, is for several devices."""
    return bool(tf.distribute.get_strategy().num_replicas_in_sync > 1)


def picked(whole: tf.Tensor, rows: tf.Tensor) -> tf.Tensor:
    """Return `rows`, int32 (n,), of `whole`, picked where it lies: no device copies all of it."""
    with tf.device(whole.device):
        return tf.gather(whole, rows)


@dataclass(frozen=True)
class Replica:
    """One of `count` copies of the networks, which all have the same weights.

    `index`, an int or an int32 scalar from 0 to below `count`, says which rows of a batch are its
    own: the first replica has the first ones, and each has as many.
    """

    index: tf.Tensor | int
    count: int

    def own(self, whole: tf.Tensor, axis: int = 0) -> tf.Tensor:
        """Return this replica's rows of what is known of the whole batch."""
        if self.count == 1:
            return whole
        rows = whole.shape[axis] // self.count
        return tf.gather(whole, tf.range(rows) + self.index * rows, axis=axis)

    def gathered(self, own: list[tf.Tensor]) -> list[tf.Tensor]:
        """Return tensors of the whole batch, rows first, from each replica's own rows of them."""
        if self.count == 1:
            return own
        gathered = tf.distribute.get_replica_context().all_gather(own, axis=0)
        return [
            tf.ensure_shape(whole, (part.shape[0] * self.count, *part.shape[1:]))
            for whole, part in zip(gathered, own, strict=True)
        ]


ALONE = Replica(0, 1)


def mean_of_replicas(
    strategy: tf.distribute.Strategy, update: Callable[[Replica], tf.Tensor]
) -> tf.Tensor:
    """Call `update` for each replica, on its device; return the mean of what the calls return."""
    count = strategy.num_replicas_in_sync
    if count == 1:
        return update(ALONE)

    def of_one() -> tf.Tensor:
        context = tf.distribute.get_replica_context()
        return update(Replica(context.replica_id_in_sync_group, count))

    return strategy.reduce(tf.distribute.ReduceOp.MEAN, strategy.run(of_one), axis=None)
