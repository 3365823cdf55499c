"""What a Ray cluster of 1, 2 and 4 workers of one core brings, beside this machine without it.

    python -m benchmarks.scale.ray_workers pictures --count 20000 --workers 1 2 4
    python -m benchmarks.scale.ray_workers sets --steps 200 --workers 1 2 4

`pictures` decodes and squares drawn covers as `map_pictures` does: seconds, what a task costs over
its work, and the share of what as many cores of this machine would do. The drawn covers repeat
after DISTINCT. `sets` trains the generators of the four sets at once, each in a run of its own
whose steps are Ray jobs, and says how much faster than one worker that is. Where the machine has
fewer cores than workers, the rows say so: they share them.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import ray
import yaml

from kpop_assets.covers.decode import decoded_cover
from kpop_assets.covers.parallel import in_parallel
from kpop_assets.covers.ray_tasks import BATCH, as_ray_tasks
from kpop_assets.covers.sets import COVER_SETS
from kpop_assets.covers.square import squared
from kpop_assets.project import PROJECT_FOLDER
from kpop_assets.sample_world.artwork import CoverDesign, cover_jpeg
from kpop_assets_tests.end_to_end.cluster.ray_nodes import running_ray

DISTINCT = 500
PIXELS = 500
SIDE = 512
DAGSTER = Path(sys.executable).with_name("dagster")
UPSTREAM = '+key:"cover_tensors"'


def brightness(jpeg: bytes) -> float:
    """Return the mean of a cover as a square: the work of a picture in most assets."""
    return float(np.asarray(squared(decoded_cover(jpeg), SIDE)).mean())


def measure_pictures(count: int, workers: Sequence[int]) -> None:
    """Print a row for this machine alone and for each number of workers."""
    designs = [
        CoverDesign(n, "girl", f"ACT {n % 40}", f"No. {n}") for n in range(min(count, DISTINCT))
    ]
    drawn = [cover_jpeg(design, PIXELS) for design in designs]
    covers = [drawn[n % len(drawn)] for n in range(count)]
    cores = len(os.sched_getaffinity(0))

    started = time.perf_counter()
    here = list(in_parallel(brightness, covers))
    local = time.perf_counter() - started
    started = time.perf_counter()
    for jpeg in drawn:
        brightness(jpeg)
    of_one_core = (time.perf_counter() - started) / len(drawn)
    print(f"{count:,} covers of {PIXELS} pixels, {cores} cores, {1e3 * of_one_core:.1f} ms each")
    print(f"local: {local:.1f} s, {count / local:.0f} a second")
    os.environ["RAY_AUTH_MODE"] = "disabled"  # otherwise Ray writes a token into ~
    for number in workers:
        ray.init(num_cpus=number, include_dashboard=False, log_to_driver=False)
        list(as_ray_tasks(brightness, covers[: 2 * number * BATCH]))
        started = time.perf_counter()
        there = list(as_ray_tasks(brightness, covers))
        taken = time.perf_counter() - started
        ray.shutdown()
        assert there == here
        used = min(cores, number + 1)
        ideal = count * of_one_core / used
        overhead = 1e3 * (taken - ideal) * used * BATCH / count
        print(
            f"Ray, {number} workers and the caller on {used} cores: {taken:.1f} s, {overhead:.1f} "
            f"ms a task of {BATCH} over its work, {100 * ideal / taken:.0f} % of ideal"
        )


def measure_sets(steps: int, workers: Sequence[int]) -> None:
    """Print a row for each number of workers."""
    with tempfile.TemporaryDirectory() as scratch:
        home, preset = Path(scratch), Path(scratch) / "preset.yaml"
        chosen = yaml.safe_load((PROJECT_FOLDER / "presets/ci.yaml").read_text())
        chosen["ops"]["base_generator"] = {"config": {"sets_below": 0}}
        chosen["ops"]["cover_generator"]["config"] |= {"steps": steps, "train_again": True}
        preset.write_text(yaml.safe_dump(chosen))
        shutil.copy(PROJECT_FOLDER / "kpop_assets/dagster.yaml", home)
        env = {
            **os.environ,
            **{"DAGSTER_HOME": scratch, "KPOP_STORE": str(home / "store"), "KPOP_SITES": "sample"},
        }
        for cover_set in COVER_SETS:
            _finish([_materialize(cover_set, UPSTREAM, preset, env)])
        first = 0.0
        for number in workers:
            with running_ray(number, {}) as cluster:
                there = {**env, "KPOP_RAY_ADDRESS": cluster.address}
                started = time.perf_counter()
                _finish(
                    [_materialize(each, "cover_generator", preset, there) for each in COVER_SETS]
                )
                taken = time.perf_counter() - started
            first = first or taken * number
            print(
                f"{number} workers on {len(os.sched_getaffinity(0))} cores: four sets in "
                f"{taken:.0f} s, {100 * first / number / taken:.0f} % of ideal"
            )


def _materialize(
    cover_set: str, selection: str, preset: Path, env: dict[str, str]
) -> subprocess.Popen[bytes]:
    command = [DAGSTER, "asset", "materialize", "--select", selection, "--partition", cover_set]
    return subprocess.Popen([*command, "-m", "kpop_assets.definitions", "-c", preset], env=env)


def _finish(runs: Sequence[subprocess.Popen[bytes]]) -> None:
    for run in runs:
        if run.wait() != 0:
            raise SystemExit("expected the run to succeed; its log is above")


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("pictures", "sets"))
    parser.add_argument("--count", type=int, default=20_000, help="Pictures.")
    parser.add_argument("--steps", type=int, default=200, help="Steps of each training.")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    chosen = parser.parse_args()
    if chosen.what == "pictures":
        measure_pictures(chosen.count, chosen.workers)
    else:
        measure_sets(chosen.steps, chosen.workers)


if __name__ == "__main__":
    main()
