"""One contender in a process of its own: takes turns when told to on its standard input.

    python -m benchmarks.training.peers.worker CONTENDER --batch 16 --jpegs DIR --small FILE \\
        --threads 2

It answers each line by a line of JSON: first, unasked, the operations of a step; then for each
number of steps the times of a step. It ends with its input.
"""

import argparse
import importlib
import json
import os
import sys
from pathlib import Path

from benchmarks.training.peers.contender import Contender, Task

MODULES = {
    "matmul": "matmul",
    "original's loop": "mlwhiz",
    "keras-io's compile and fit": "keras_io",
    "PyTorch's example, channels_last": "pytorch_dcgan",
    "TensorFlow tutorial": "tensorflow_tutorial",
}
PYTORCH = "PyTorch's example, channels_last"
OURS = "ours, "
IN_FLOAT32 = " in float32"
"""What the name of a recipe of ours ends in whose convolutions are not to be in bfloat16."""


def contender(name: str, task: Task, threads: int) -> Contender:
    """Build the contender of that name, on so many threads."""
    if name == PYTORCH:
        import torch

        torch.set_num_threads(threads)
        torch.manual_seed(0)
    else:
        import tensorflow as tf

        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(threads)
    if name.startswith(OURS):
        from benchmarks.training.peers import ours

        recipe = name.removeprefix(OURS).removesuffix(IN_FLOAT32)
        return ours.build(recipe, task, "float32" if name.endswith(IN_FLOAT32) else "auto")
    module = importlib.import_module(f"benchmarks.training.peers.{MODULES[name]}")
    built: Contender = module.build(task)
    return built


def main() -> None:
    """Build, then take turns."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("contender")
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--jpegs", type=Path, required=True)
    parser.add_argument("--small", type=Path, required=True)
    parser.add_argument("--threads", type=int, required=True)
    asked = parser.parse_args()
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", buffering=1)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    task = Task(asked.batch, asked.jpegs, asked.small)
    built = contender(asked.contender, task, asked.threads)
    built.turn(2)
    print(json.dumps({"flops": built.flops}), file=answers)
    for line in sys.stdin:
        print(json.dumps(built.turn(int(line)).as_dict()), file=answers)


if __name__ == "__main__":
    main()
