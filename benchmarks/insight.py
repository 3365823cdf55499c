"""Seconds that profiles, contrasts and the gallery page take, for some numbers of covers.

    python -m benchmarks.insight --covers 500 5000

Draws that many covers of the sample world, a quarter each by boy and girl groups and half general,
and makes tensors and a tiny generator of each of the four sets, which is not timed; then times
`visual_profile` of all sets, `cover_set_contrast` and `gallery_page`, each materialized in process,
and beside them the judging, `generator_quality` and `originality` of all sets. popular holds the
boy and girl covers, so that a cover by them is profiled twice. With the optional detectors (make
detectors) their time is in it.
"""

import argparse
import csv
import tempfile
import time
from pathlib import Path

import dagster as dg

from kpop_assets.covers.parallel import in_parallel
from kpop_assets.covers.sets import COVER_SETS
from kpop_assets.definitions import definitions
from kpop_assets.sample_world.artwork import CoverDesign, cover_jpeg
from kpop_assets.settings import Settings

PIXELS = 300
TRAINING = {
    **{"steps": 30, "frame_every": 1, "image_size": 64, "width": 8},
    **{"evaluate_every": 0, "from_base": False},
}
PREPARED = {
    "base_generator": {"sets_below": 0},
    "cover_generator": {**TRAINING, "recipe": "original", "batch_size": 4},
    "sample_covers": {"covers": 64, "interpolation_frames": 30},
    "originality": {"most_copies": 1.0},
}
STYLES = ("boy", "girl", "general", "general")


def draw(folder: Path, covers: int) -> None:
    """Draw the covers and list them in covers.csv."""

    def cover(number: int) -> tuple[str, str, int]:
        style = STYLES[number % len(STYLES)]
        name = f"{number}.jpg"
        design = CoverDesign(number, style, f"ACT {number % 40}", f"No. {number}")
        (folder / name).write_bytes(cover_jpeg(design, PIXELS))
        return name, "" if style == "general" else style, 2010 + number % 12

    with (folder / "covers.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["file", "artist_type", "year"])
        table.writerows(in_parallel(cover, range(covers)))


def seconds_of(covers: int) -> dict[str, float]:
    """Return the seconds of each step for so many covers."""
    with tempfile.TemporaryDirectory() as scratch, dg.instance_for_test() as instance:
        folder = Path(scratch) / "covers"
        folder.mkdir()
        draw(folder, covers)
        lineage = definitions(
            Settings(sites="sample", covers_dir=folder, store=Path(scratch) / "store")
        )

        def materialize(*assets: str, cover_set: str | None = None) -> float:
            config = {name: {"config": PREPARED[name]} for name in assets if name in PREPARED}
            started = time.perf_counter()
            dg.materialize(
                list(lineage.assets or []),
                selection=list(assets),
                partition_key=cover_set,
                resources=lineage.resources,
                instance=instance,
                run_config={"ops": config},
            )
            return time.perf_counter() - started

        materialize("folder_covers", "cover_catalog")
        for cover_set in COVER_SETS:
            materialize("cover_tensors", "cover_generator", "sample_covers", cover_set=cover_set)
        judging = [
            materialize("generator_quality", "originality", cover_set=name) for name in COVER_SETS
        ]
        profiles = [materialize("visual_profile", cover_set=name) for name in COVER_SETS]
        return {
            "profiles": sum(profiles),
            "contrasts": materialize("cover_set_contrast"),
            "page": materialize("gallery_page"),
            "judging": sum(judging),
        }


def main() -> None:
    """Print a line for each number of covers."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--covers", type=int, nargs="+", default=[500, 5000])
    for covers in parser.parse_args().covers:
        seconds = seconds_of(covers)
        judging = seconds.pop("judging")
        parts = ", ".join(f"{name} {value:.1f} s" for name, value in seconds.items())
        total = sum(seconds.values())
        print(f"{covers:,} covers: {total:.1f} s ({parts}); judging {judging:.1f} s", flush=True)


if __name__ == "__main__":
    main()
