"""Scores of samples from any generators, beside each other.

    python -m benchmarks.quality.scored_samples --covers FOLDER --out FOLDER NAME=FOLDER ...

Each folder has pictures that a generator made, at best 480 of --size pixels; other sizes are
brought to it. Prints a row each as Markdown: the measures of kpop_assets/judge/quality.py on
EfficientNet-Lite0 (ef) and MobileNetV2 (mb), and those of texture.py. Writes a sheet of the first
64 of each to --out: keep it out of the repository if the covers are not yours.
"""

import argparse
from pathlib import Path

from benchmarks.quality.pictures import covers_in
from benchmarks.quality.scores import SAMPLES, Scorer
from kpop_assets.covers.showing.enlarged import enlarged_for_sheet
from kpop_assets.covers.showing.grid import cover_grid, png_bytes
from kpop_assets.judge.texture import Texture

SHEET, SHEET_COLUMNS = 64, 8
COLUMNS = (
    *("KID ef", "KID mb", "coverage", "used", "copies"),
    *("SWD", "levels", "fineness", "peak", "repeats"),
)


def main() -> None:
    """Score each folder of samples against the covers."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("samples", nargs="+", metavar="NAME=FOLDER")
    parser.add_argument("--covers", type=Path, required=True)
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    scorer = Scorer(covers_in(chosen.covers, chosen.size))
    print("| samples | " + " | ".join(COLUMNS) + " |")
    print("| --- |" + " ---: |" * len(COLUMNS))
    for one in chosen.samples:
        name, _, folder = one.partition("=")
        samples = covers_in(Path(folder), chosen.size)[:SAMPLES]
        scores = scorer.scores(samples)
        texture = Texture(scores.swd_levels, scores.fineness, scores.peak, scores.repeats)
        levels = " / ".join(f"{distance:.0f}" for distance in texture.swd_levels.values())
        print(
            f"| {name} | {scores.kid_ef:.0f} | {scores.kid_mb:.0f} | {scores.coverage_mb:.2f} "
            f"| {scores.used_mb:.2f} | {scores.copies:.3f} | {texture.swd:.0f} | {levels} "
            f"| {texture.fineness:+.1f} | {texture.peak:.1f} | {texture.repeats:+.2f} |",
            flush=True,
        )
        sheet = cover_grid(enlarged_for_sheet(samples[:SHEET]), SHEET_COLUMNS)
        (chosen.out / f"{name}.png").write_bytes(png_bytes(sheet))


if __name__ == "__main__":
    main()
