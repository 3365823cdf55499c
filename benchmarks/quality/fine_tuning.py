"""What a set with few covers gains by starting from a generator of all covers.

    python -m benchmarks.quality.fine_tuning --few FOLDER --all FOLDER FOLDER --out FOLDER

Trains a base on the covers of all folders for --base-minutes of wall time, then, for each of
--seeds and in turns, one generator on the few covers from nothing and one from that base, and
scores 480 samples of each after --minutes with the scores of quality/recipes.py, against the
few covers. The time of the base does not count: it is trained once for all sets. Prints medians
over the seeds. What is done is kept in OUT and not repeated; the sheets there show what was learnt
from the covers.
"""

import argparse
import shutil
import statistics
from pathlib import Path
from typing import Any

from benchmarks.quality.recipes import RUN_SETTINGS, finished, perform
from benchmarks.quality.single_run import Plan

COLUMNS = ("step", "kid_mb", "kid_ef", "coverage_mb", "used_mb", "copies", "diversity_mb")


def gathered(folders: list[Path], into: Path) -> Path:
    """Return a folder with links to the pictures of all folders."""
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    for number, folder in enumerate(folders):
        for path in folder.iterdir():
            (into / f"{number}-{path.name}").symlink_to(path.resolve())
    return into


def result(
    asked: argparse.Namespace,
    name: str,
    covers: Path,
    minutes: list[float],
    seed: int = 0,
    start: Path | None = None,
) -> dict[str, Any]:
    """Return the result of one training; train if there is none yet."""
    run = f"{name.replace(' ', '-')}-{seed}"
    plan = Plan(
        cover_set="",
        variant=name,
        seed=seed,
        covers=str(covers),
        settings=RUN_SETTINGS | {"recipe": asked.recipe, "seed": seed},
        minutes=sorted(minutes),
        result=str(asked.out / "runs" / f"{run}.json"),
        sheets=str(asked.out / "sheets" / run),
        checkpoints=str(asked.out / "checkpoints" / run),
        start=str(start) if start else None,
        networks=str(asked.out / f"{run}.npz"),
    )
    if finished(plan) is None:
        print(f"{name}, seed {seed}", flush=True)
        perform(plan)
    done = finished(plan)
    assert done is not None
    return done


def table(runs: dict[str, list[dict[str, Any]]]) -> str:
    """Return the medians over seeds in Markdown, a row for each minute and start."""
    lines = [f"| minutes | start | {' | '.join(COLUMNS)} |", "|---" * (len(COLUMNS) + 2) + "|"]
    for place, mark in enumerate(next(iter(runs.values()))[0]["marks"]):
        for start, results in runs.items():
            values = [
                statistics.median(one["marks"][place][column] for one in results)
                for column in COLUMNS
            ]
            told = " | ".join(f"{value:.3g}" if value < 10 else f"{value:.0f}" for value in values)
            lines.append(f"| {mark['minutes']:g} | {start} | {told} |")
    return "\n".join(lines)


def main() -> None:
    """Train what is not yet done, then print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--few", type=Path, required=True, help="folder of covers")
    parser.add_argument("--all", type=Path, nargs="+", required=True, help="folders of covers")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--recipe", default="drifting")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--minutes", type=float, nargs="+", default=[1, 2, 3])
    parser.add_argument("--base-minutes", type=float, default=8)
    asked = parser.parse_args()
    everything = gathered(asked.all, asked.out / "all")
    result(asked, "base", everything, [asked.base_minutes])
    starts = {"from nothing": None, "from the base": asked.out / "base-0.npz"}
    runs: dict[str, list[dict[str, Any]]] = {start: [] for start in starts}
    for seed in asked.seeds:
        for name, start in starts.items():
            runs[name].append(result(asked, name, asked.few, asked.minutes, seed, start))
    print(table(runs))


if __name__ == "__main__":
    main()
