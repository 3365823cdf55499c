"""Peak memory of a training process, and what streaming costs a step.

    python -m benchmarks.training.memory                 # half an hour
    python -m benchmarks.training.memory --counts 100 1000 --pairs 20 --recipe drifting

For each number of covers a tensor file is written (512 px, generated pictures of about 150 kB each
in the file: 20,000 take 3 GB of disk until the end). Then a process of its own resizes them to
64 px, trains for a few steps at batch 16 and prints its peak resident memory (VmHWM): once with the
covers streamed from a file, once with all in memory. Streamed, the peak has the mapped pages of
the file, which the system takes back when memory is short; the recipe `drifting` keeps up to 512 MB
of features of covers as well.

After that, seconds a step with the covers streamed and in memory. Both runs live in one process and
take their steps in turn, which of the two first drawn at random for each pair, so that a busy
machine slows both alike; medians of the pairs, of wall time and of processor time. (Whole runs in
turn say less: on a loaded machine one lasted up to 1.2 times as long as the other.) The file is in
the page cache by then, as it is in a real training after the first steps. Linux only.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kpop_assets.covers.tensors import write_cover_tensors

if TYPE_CHECKING:
    from kpop_assets.models.cover_source import CoverSource
    from kpop_assets.models.settings import TrainingSettings

COUNTS = (100, 1_000, 5_000, 20_000)
COVER_PIXELS, DETAIL = 512, 128
IMAGE_SIZE, BATCH_SIZE = 64, 16
LIMITS_MB = {"streamed": 0.0, "in memory": 1e9}
BYTES_A_COVER = 160_000


def generated_covers(count: int) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    """Yield pictures of coarse noise: they compress to about 150 kB."""
    block = np.ones((COVER_PIXELS // DETAIL, COVER_PIXELS // DETAIL, 1), np.uint8)
    for index in range(count):
        random = np.random.default_rng(index)
        coarse = random.integers(0, 256, (DETAIL, DETAIL, 3), dtype=np.uint8)
        yield f"{index:064x}", np.kron(coarse, block)


def tensor_file(folder: Path, count: int) -> Path:
    """Write a tensor file of `count` covers."""
    path = folder / f"{count}.parquet"
    with path.open("wb") as file:
        write_cover_tensors(generated_covers(count), file, COVER_PIXELS, "sample")
    return path


def source_of(tensors: Path, kind: str) -> "CoverSource":
    """Return the covers of a tensor file, streamed or in memory."""
    from kpop_assets.models.training_covers import training_covers

    cache = tensors.with_suffix(f".{kind.replace(' ', '_')}")
    return training_covers(tensors, IMAGE_SIZE, LIMITS_MB[kind], cache)


def training_settings(recipe: str, steps: int, log_every: int) -> "TrainingSettings":
    """Return a training by a recipe's defaults, without checkpoints on the way."""
    from kpop_assets.models.settings import TrainingSettings

    return TrainingSettings(
        recipe=recipe,
        steps=steps,
        image_size=IMAGE_SIZE,
        batch_size=BATCH_SIZE,
        log_every=log_every,
        frame_every=steps,
        checkpoint_every=steps,
    )


def train_and_print_peak(tensors: Path, kind: str, recipe: str, steps: int) -> None:
    """Train in this process and print its peak resident memory in MB."""
    from kpop_assets.models.training import TrainingHost, train

    source = source_of(tensors, kind)
    with tempfile.TemporaryDirectory(dir=tensors.parent) as checkpoints:
        settings = training_settings(recipe, steps, steps)
        train(source, settings, Path(checkpoints), source.fingerprint, TrainingHost())
    status = Path("/proc/self/status").read_text(encoding="ascii")
    print(int(status.split("VmHWM:")[1].split()[0]) / 1e3)


def peak_of_a_process(tensors: Path, kind: str, recipe: str, steps: int) -> float:
    """Return the peak resident memory in MB of a training in a process of its own."""
    options = ["--one", kind, "--tensors", str(tensors), "--recipe", recipe, "--steps", str(steps)]
    answer = subprocess.run(
        [sys.executable, __file__, *options], stdout=subprocess.PIPE, check=True, text=True
    )
    return float(answer.stdout.split()[-1])


def training_step(source: "CoverSource", recipe: str) -> Callable[[int], None]:
    """Return a function that trains one step, as the training loop does."""
    import tensorflow as tf

    from kpop_assets.training.step.randomness import StepRandomness

    learner = training_settings(recipe, 1, 1).for_cover_set("").untrained(source)

    @tf.function(input_signature=[tf.TensorSpec((), tf.int64)], autograph=False)
    def update(step: tf.Tensor) -> tf.Tensor:
        return learner.update(StepRandomness(0, step, tf.constant(0, tf.int64)))

    return lambda step: update(tf.constant(step, tf.int64)).numpy()


def seconds_of(step: Callable[[int], None], number: int) -> tuple[float, float]:
    """Return the wall and the processor seconds of one step."""
    wall, processor = time.perf_counter(), time.process_time()
    step(number)
    return time.perf_counter() - wall, time.process_time() - processor


def milliseconds_a_batch(source: "CoverSource", batches: int = 500) -> float:
    """Return the milliseconds of gathering one batch within a graph."""
    import tensorflow as tf

    signature = [tf.TensorSpec((BATCH_SIZE,), tf.int32)]
    gather = tf.function(source.gather, input_signature=signature)
    random = np.random.default_rng(0)
    rows = [
        tf.constant(random.integers(0, source.count, BATCH_SIZE), tf.int32) for _ in range(batches)
    ]
    gather(rows[0])
    started = time.perf_counter()
    for row in rows:
        gather(row)
    return (time.perf_counter() - started) / batches * 1e3


def compare_memory(folder: Path, counts: list[int], recipe: str, steps: int) -> None:
    """Measure and print the peaks."""
    print(
        f"peak resident MB of a training: {recipe}, {IMAGE_SIZE} px, batch {BATCH_SIZE}, "
        f"{steps} steps"
    )
    print("  covers   streamed   in memory   covers at training size")
    for count in counts:
        tensors = tensor_file(folder, count)
        peaks = {kind: peak_of_a_process(tensors, kind, recipe, steps) for kind in LIMITS_MB}
        columns = [*peaks.values(), count * IMAGE_SIZE**2 * 3 / 1e6]
        print(
            f"  {count:6,}   {columns[0]:8.0f}   {columns[1]:9.0f}   {columns[2]:8.1f}", flush=True
        )


def compare_speed(tensors: Path, count: int, recipe: str, pairs: int) -> None:
    """Measure and print seconds a step and milliseconds a batch."""
    sources = {kind: source_of(tensors, kind) for kind in LIMITS_MB}
    steps = {kind: training_step(source, recipe) for kind, source in sources.items()}
    for number in range(1, 6):
        for step in steps.values():
            step(number)
    times: dict[str, list[tuple[float, float]]] = {kind: [] for kind in steps}
    random = np.random.default_rng(0)
    for number in range(6, 6 + pairs):
        for kind in random.permutation(list(steps)).tolist():
            times[kind].append(seconds_of(steps[kind], number))
    measured = {kind: np.array(values) for kind, values in times.items()}
    print(f"\n{count:,} covers, {pairs} pairs of steps, medians")
    for kind, source in sources.items():
        wall, processor = np.median(measured[kind], axis=0)
        batch = milliseconds_a_batch(source)
        print(
            f"  {kind:10} {wall:7.4f} s a step, {processor:7.4f} of a processor   "
            f"{batch:7.3f} ms to gather a batch"
        )
    wall, processor = np.median(measured["streamed"] / measured["in memory"], axis=0)
    print(f"  a streamed step takes {wall:.3f} times as long, {processor:.3f} times the processor")


def main(folder: Path, counts: list[int], recipe: str, pairs: int, steps: int) -> None:
    """Measure and print."""
    needed, free = sum(counts) * BYTES_A_COVER, shutil.disk_usage(folder).free
    if free < 2 * needed:
        sys.exit(
            f"expected {2 * needed / 1e9:.1f} GB of free disk in {folder}, found {free / 1e9:.1f}; "
            "choose another --folder or smaller --counts"
        )
    with tempfile.TemporaryDirectory(dir=folder) as name:
        compare_memory(Path(name), counts, recipe, steps)
        if pairs:
            largest = Path(name) / f"{max(counts)}.parquet"
            compare_speed(largest, max(counts), recipe, pairs)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Measures the memory of a training.")
    parser.add_argument("--counts", type=int, nargs="+", default=list(COUNTS))
    parser.add_argument("--recipe", default="dcgan")
    parser.add_argument("--pairs", type=int, default=100)
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--one", choices=LIMITS_MB, help=argparse.SUPPRESS)
    parser.add_argument("--tensors", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        train_and_print_peak(options.tensors, options.one, options.recipe, options.steps)
    else:
        main(options.folder, options.counts, options.recipe, options.pairs, options.steps)
