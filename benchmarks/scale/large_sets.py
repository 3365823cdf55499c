"""What large folders of covers cost: processor seconds and peak memory of each asset.

    python -m benchmarks.scale.large_sets --covers 1000 3000 10000

Draws that many small pictures (64 to 96 px; a twentieth repeat others, a fifth are plain), half of
them with an artist type, and materializes the assets of a folder of one's own on them one at a
time, each in a process of its own, for the sets popular and general. Processor time and not the
clock counts, so that a busy machine tells the same; the memory is the peak of the largest process,
those that decode included. Every process takes the first line, `nothing`, to start. The generators
are trained for four steps, which reads all tensors once. `comparisons` are those of
`cover_set_contrast` on as many random profiles, without tensors before; `chart_diversity`, which a
folder does not have, gets a chart of as many entries. With --folder what was drawn and made stays
there, and --steps measures those alone. An asset needs those that it is made from, there or in
--steps before it: `visual_profile` its set's `sample_covers`, these the `cover_generator`.

Tensors need disk: 0.6 MB a cover.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg

from benchmarks.scale.drawn_folder import draw_folder
from kpop_assets.settings import Settings

SETS = ("popular", "general")
OF_A_SET = ("cover_tensors", "cover_generator", "sample_covers", "visual_profile")
STEPS = (
    *("nothing", "folder_covers", "cover_catalog"),
    *(f"{asset} {cover_set}" for asset in OF_A_SET for cover_set in SETS),
    *("cover_set_contrast", "comparisons", "chart_diversity", "gallery_page", "review"),
)
CONFIG: dict[str, dict[str, Any]] = {
    "cover_generator": {
        **{"recipe": "original", "steps": 4, "image_size": 32, "width": 4, "noise_size": 8},
        **{"batch_size": 4, "evaluate_every": 0, "from_base": False, "train_again": True},
    },
    "sample_covers": {"covers": 16, "interpolation_frames": 4},
}


@dataclass(frozen=True)
class Cost:
    """Processor seconds of a process and its children, and the peak of the largest, in MB."""

    seconds: float
    megabytes: float


def materialize(folder: Path, asset: str, cover_set: str | None) -> None:
    """Materialize an asset of the pictures in a folder, or one of a set."""
    from kpop_assets.definitions import definitions

    lineage = definitions(
        Settings(sites="sample", covers_dir=folder / "covers", store=folder / "store")
    )
    with dg.DagsterInstance.ephemeral() as instance:
        dg.materialize(
            list(lineage.assets or []),
            selection=[asset],
            partition_key=cover_set,
            resources=lineage.resources,
            instance=instance,
            run_config={"ops": {asset: {"config": CONFIG[asset]}}} if asset in CONFIG else {},
        )


def diversity_of(entries: int) -> None:
    """Count a chart of so many entries by year."""
    import numpy as np
    import pandas as pd

    from kpop_assets.insight.chart_diversity import diversity_by_year

    random = np.random.default_rng(0)
    chart = pd.DataFrame(
        {
            "year": random.integers(2010, 2025, entries),
            "artist_type": random.choice(["boy", "girl", "mixed"], entries),
            "artist": random.integers(0, max(entries // 20, 1), entries).astype(str),
            "representative": random.integers(0, entries, entries).astype(str),
        }
    )
    diversity_by_year(chart)


def comparisons_of(covers: int) -> None:
    """Compare two sets of half as many random profiles each, by measure and by year."""
    import numpy as np
    import pandas as pd

    from kpop_assets.insight.contrast.set_contrasts import set_contrasts
    from kpop_assets.insight.contrast.years import trend_table
    from kpop_assets.insight.measuring.measures import ALL_MEASURES

    random = np.random.default_rng(0)
    profiles = {
        name: pd.DataFrame(
            random.normal(size=(covers // 2, len(ALL_MEASURES))), columns=list(ALL_MEASURES)
        ).assign(
            kind="real",
            picture=[f"{name} {number}" for number in range(covers // 2)],
            year=random.integers(2010, 2025, covers // 2),
        )
        for name in SETS
    }
    set_contrasts(profiles)
    trend_table(profiles["popular"], ALL_MEASURES)


def take(folder: Path, covers: int, step: str) -> None:
    """Take one step in this process."""
    from kpop_assets.insight.review import write_review
    from kpop_assets.store.artifacts import Store

    asset, _, cover_set = step.partition(" ")
    if asset == "chart_diversity":
        diversity_of(covers)
    elif asset == "comparisons":
        comparisons_of(covers)
    elif asset == "review":
        print(write_review(Store(folder / "store"), folder))
    elif asset != "nothing":
        materialize(folder, asset, cover_set or None)


def cost_of(folder: Path, covers: int, step: str) -> Cost:
    """Take a step in a process of its own, whose log is kept in the folder."""
    command = [sys.executable, "-m", "benchmarks.scale.large_sets", "--one", step]
    with (folder / f"{step.replace(' ', '_')}.log").open("w") as log:
        process = subprocess.Popen(
            [*command, "--covers", str(covers), "--folder", str(folder)],
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{step} failed; {log.name} says why")
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def measure(folder: Path, covers: int, steps: Sequence[str]) -> None:
    """Print a line for each step."""
    if not (folder / "covers").exists():
        draw_folder(folder / "covers", covers)
    print(f"\n{covers:,} covers            processor s   s per 1,000   peak MB")
    for step in steps:
        cost = cost_of(folder, covers, step)
        each = 1000 * cost.seconds / covers
        print(f"  {step:24} {cost.seconds:9.1f}   {each:11.2f}   {cost.megabytes:7.0f}", flush=True)
    for file in sorted((folder / "store").rglob("*")):
        if file.suffix in (".html", ".parquet") and file.stat().st_size > 1e6:
            print(f"  {file.stat().st_size / 1e6:9.1f} MB  {file.relative_to(folder)}")


def main() -> None:
    """Measure each number of covers, or take one step."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--covers", type=int, nargs="+", default=[1_000, 3_000, 10_000])
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=STEPS)
    parser.add_argument("--folder", type=Path, help="where what is drawn and made stays")
    parser.add_argument("--one", choices=STEPS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        take(options.folder, options.covers[0], options.one)
        return
    for covers in options.covers:
        if options.folder:
            measure(options.folder / str(covers), covers, options.steps)
            continue
        scratch = Path(tempfile.mkdtemp())
        try:
            measure(scratch, covers, options.steps)
        finally:
            shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
