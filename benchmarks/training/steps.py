"""Training steps at 64×64 pixels: ours beside published ones, in turns, on one machine.

    python -m benchmarks.training.steps --torch-venv build/torch    # makes it if need be
    python -m benchmarks.training.steps                             # without PyTorch
    python -m benchmarks.training.steps --batches 16 --threads 1 --rounds 9

Every recipe of kpop_assets with its own settings but the batch size and the peers' width, drifting
once more with its convolutions in float32 (another step only where the processor has AMX), and the
peers that peers/ writes from their published descriptions: the original project's loop, the
TensorFlow tutorial's step, keras-io's compile and fit, and PyTorch's example. The first three train
the networks of the recipe `original`, PyTorch's its own, which lack one convolution.
Pictures are generated JPEGs of 512×512; ours, the tutorial and PyTorch's hold them in memory at
64×64, the original's loop and keras-io's read them from disk in every step, as published.

Each contender lives in a process of its own with the same number of threads, and only one trains
at a time: in each round, in an order of its own, each takes a step that does not count and then its
turn. Before each turn the machine's float32 peak is measured, by products of 2048×2048 matrices. A
round with a peak under 85 % of the best was disturbed by something else; the table is of the
undisturbed rounds, if there are as many as asked for. PyTorch's threads wait by spinning: nothing
suffers as much from a disturbance. `--threads 1` is the way to compare on a busy machine.
TensorFlow's oneDNN kernels are on for all, as kpop_assets turns them on; without AVX512 TensorFlow
leaves them off by default, which TF_ENABLE_ONEDNN_OPTS=0 repeats here.

Printed for each batch size are:

* s/step: median and minimum of the rounds; CPU s: median of processor seconds, all threads, which a
  busy machine disturbs less;
* img/s: pictures a second, at the median;
* GFLOP/img: operations of matrix products and convolutions, as counted by peers/flops.py;
* GFLOP/s: at the median; of peak: the median of its share of the peak just before the turn;
* times as fast as the original's loop: median of the rounds' ratios.
"""

import argparse
import io
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.training.peers.worker import IN_FLOAT32, MODULES, OURS, PYTORCH
from kpop_assets.models.recipes import RECIPES

BASE = "original's loop"
MATMUL = "matmul"
PRODUCTS = 6
QUIET_SHARE = 0.85
ENVIRONMENT = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "",
    "TF_ENABLE_ONEDNN_OPTS": os.environ.get("TF_ENABLE_ONEDNN_OPTS", "1"),
}
PICTURES, SIDE, SMALL_SIDE = 100, 512, 64


def write_pictures(folder: Path) -> tuple[Path, Path]:
    """Write generated pictures; return the folder of JPEGs and the file at training size."""
    jpegs, small = folder / "jpegs", folder / "small.bin"
    jpegs.mkdir()
    with small.open("wb") as file:
        for number in range(PICTURES):
            noise = np.random.default_rng(number)
            coarse = Image.fromarray(noise.integers(0, 256, (8, 8, 3), dtype=np.uint8))
            smooth = np.asarray(coarse.resize((SIDE, SIDE), Image.Resampling.BICUBIC), np.int16)
            grain = noise.integers(-9, 10, (SIDE, SIDE, 1), dtype=np.int16)
            picture = Image.fromarray((smooth + grain).clip(0, 255).astype(np.uint8))
            encoded = io.BytesIO()
            picture.save(encoded, "JPEG")
            (jpegs / f"{number}.jpg").write_bytes(encoded.getvalue())
            file.write(picture.resize((SMALL_SIDE, SMALL_SIDE)).tobytes())
    return jpegs, small


def python_with_torch(folder: Path) -> Path:
    """Return the Python of a virtual environment with PyTorch; make it if there is none."""
    python = folder / "bin" / "python"
    if not python.exists():
        print(f"installing PyTorch into {folder}", file=sys.stderr, flush=True)
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "torch", "numpy"], check=True)
    return python


@dataclass
class Worker:
    """A contender's process, and what it has told; a turn has the peak before it, too."""

    name: str
    process: subprocess.Popen[str]
    flops: float = 0.0
    turns: list[dict[str, float]] = field(default_factory=list)

    def told(self) -> dict[str, float]:
        """Wait for its next line."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"expected {self.name} to go on, but its process ended; see above")
        answer: dict[str, float] = json.loads(line)
        return answer

    def take_turn(self, steps: int) -> dict[str, float]:
        """Let it take so many steps."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{steps}\n")
        self.process.stdin.flush()
        return self.told()

    def column(self, key: str) -> list[float]:
        """Return a number of each turn."""
        return [turn[key] for turn in self.turns]


def started(name: str, python: Path, arguments: Sequence[str]) -> Worker:
    """Start a contender and wait until it is ready."""
    process = subprocess.Popen(
        [python, "-m", "benchmarks.training.peers.worker", name, *arguments],
        cwd=Path(__file__).resolve().parents[2],
        env=os.environ | ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    worker = Worker(name, process)
    worker.flops = worker.told()["flops"]
    return worker


def take_round(matmul: Worker, contenders: Sequence[Worker], number: int, steps: int) -> None:
    """Let each contender take a turn."""
    for worker in random.Random(number).sample(contenders, len(contenders)):
        peak = matmul.flops / matmul.take_turn(PRODUCTS)["seconds"]
        turn = worker.take_turn(steps) | {"peak": peak}
        worker.turns.append(turn)
        print(
            f"round {number}, {worker.name:36} peak {peak / 1e9:4.0f} GFLOP/s, "
            f"{turn['seconds']:.4f} s/step, {turn['processor_seconds']:.4f} CPU s, "
            f"loss {turn['loss']:.3f}",
            file=sys.stderr,
            flush=True,
        )


def undisturbed(contenders: Sequence[Worker]) -> list[int]:
    """Return the rounds in which no peak was under 85 % of the best of all."""
    lowest = [min(peaks) for peaks in zip(*(one.column("peak") for one in contenders), strict=True)]
    best = max(peak for one in contenders for peak in one.column("peak"))
    return [number for number, peak in enumerate(lowest) if peak >= QUIET_SHARE * best]


def measure(workers: Sequence[Worker], rounds: int, most: int, steps: int) -> str:
    """Let all take turns, drop the turns of disturbed rounds, and say how many that were."""
    matmul, *contenders = workers
    done, quiet = 0, list[int]()
    while len(quiet) < rounds and done < most:
        done += 1
        take_round(matmul, contenders, done, steps)
        quiet = undisturbed(contenders)
    if len(quiet) < rounds:
        return f"{done} rounds, of which {done - len(quiet)} disturbed"
    for worker in contenders:
        worker.turns = [worker.turns[number] for number in quiet]
    return f"{len(quiet)} undisturbed rounds of {done}"


def table(contenders: Sequence[Worker], batch: int, rounds: str) -> str:
    """Return the results in Markdown, the slowest first."""
    peaks = [peak / 1e9 for one in contenders for peak in one.column("peak")]
    base = next((one for one in contenders if one.name == BASE), None)
    lines = [
        f"Batch {batch}, {rounds}; float32 peak {min(peaks):.0f} to {max(peaks):.0f} GFLOP/s, "
        f"median {statistics.median(peaks):.0f}",
        "",
        "| | s/step median | min | CPU s | img/s | GFLOP/img | GFLOP/s | of peak | × original's |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for worker in sorted(contenders, key=lambda one: -statistics.median(one.column("seconds"))):
        seconds = worker.column("seconds")
        median = statistics.median(seconds)
        peak_seconds = zip(seconds, worker.column("peak"), strict=True)
        share = statistics.median(worker.flops / one / peak for one, peak in peak_seconds)
        ratio = "" if base is None else f"{ratio_of(base, worker):.2f}"
        lines.append(
            f"| {worker.name} | {median:.4f} | {min(seconds):.4f} "
            f"| {statistics.median(worker.column('processor_seconds')):.4f} "
            f"| {batch / median:.0f} | {worker.flops / batch / 1e9:.2f} "
            f"| {worker.flops / median / 1e9:.0f} | {share:.0%} | {ratio} |"
        )
    return "\n".join(lines)


def ratio_of(slower: Worker, faster: Worker) -> float:
    """Return how many times as fast one is as the other: median of the rounds' ratios."""
    pairs = zip(slower.column("seconds"), faster.column("seconds"), strict=True)
    return statistics.median(one / other for one, other in pairs)


def compared(asked: argparse.Namespace, batch: int, jpegs: Path, small: Path) -> None:
    """Measure at one batch size and print."""
    arguments = ["--batch", str(batch), "--jpegs", str(jpegs), "--small", str(small)]
    arguments += ["--threads", str(asked.threads)]
    workers: list[Worker] = []
    try:
        for name in [MATMUL, *asked.contenders]:
            python = asked.torch_python if name == PYTORCH else Path(sys.executable)
            workers.append(started(name, python, arguments))
        steps = max(3, asked.pictures // batch)
        rounds = measure(workers, asked.rounds, asked.most_rounds, steps)
    finally:
        for worker in workers:
            worker.process.communicate()
    print(f"\n{table(workers[1:], batch, rounds)}\n")
    ours = f"{OURS}dcgan"
    by_name = {worker.name: worker for worker in workers}
    for peer in (BASE, PYTORCH, "TensorFlow tutorial"):
        if peer in by_name and ours in by_name:
            ratio = ratio_of(by_name[peer], by_name[ours])
            print(f"the recipe dcgan is {ratio:.2f} times as fast as {peer}")


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--batches", type=int, nargs="+", default=[16, 64])
    parser.add_argument("--rounds", type=int, default=7, help="undisturbed ones that are wanted")
    parser.add_argument("--most-rounds", type=int, default=21)
    parser.add_argument("--pictures", type=int, default=192, help="in one turn, about")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--torch-python", type=Path, help="a Python that has PyTorch")
    parser.add_argument("--torch-venv", type=Path, help="folder of an environment with PyTorch")
    parser.add_argument("--only", nargs="+", help="contenders whose name contains one of these")
    asked = parser.parse_args()
    if asked.torch_venv:
        asked.torch_python = python_with_torch(asked.torch_venv)
    names = [name for name in MODULES if name != MATMUL] + [OURS + one for one in RECIPES]
    names.append(f"{OURS}drifting{IN_FLOAT32}")
    asked.contenders = [
        name
        for name in names
        if (name != PYTORCH or asked.torch_python)
        and (not asked.only or any(part in name for part in asked.only))
    ]
    if not asked.torch_python:
        print("PyTorch's example is left out; give --torch-venv or --torch-python")
    print(
        f"{platform.platform()}, {asked.threads} threads of {os.cpu_count()} CPUs, "
        f"Python {platform.python_version()}"
    )
    with tempfile.TemporaryDirectory() as folder:
        jpegs, small = write_pictures(Path(folder))
        for batch in asked.batches:
            compared(asked, batch, jpegs, small)


if __name__ == "__main__":
    main()
