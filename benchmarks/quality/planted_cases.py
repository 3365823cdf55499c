"""Which measure of samples notices what: real covers with known faults, judged as if generated.

    python -m benchmarks.quality.planted_cases --covers FOLDER --others FOLDER

Prints a row a case as Markdown: the score that chooses a training's best generator, and what it is
made of. `--sheets FOLDER` draws each case, which shows the covers: keep it out of the repository
if they are not yours.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from benchmarks.quality.pictures import Pictures, covers_in
from kpop_assets.covers.showing.grid import cover_grid, png_bytes
from kpop_assets.insight.contrast.separability import held_out_auc
from kpop_assets.judge.judge import FEATURE_SIZE, CoverJudge
from kpop_assets.pretrained.mobilenet_v2 import pooled_mobilenet_v2
from kpop_assets.pretrained.pooled_features import pooled_features

COLUMNS = (
    *("score", "kid", "coverage", "used", "copies", "diversity"),
    *("told_apart", "swd", "fineness", "peak", "repeats"),
)


def zigzag(covers: Pictures, _chance: np.random.Generator) -> Pictures:
    """Add a relief of zig-zag lines, ten levels high, where a cover is not plain."""
    down, across = np.indices(covers.shape[1:3])
    lines = np.where((across + np.abs(down % 8 - 4)) % 4 < 2, 10, -10)
    return _added(covers, lines[..., None] * (_roughness(covers) > 4))


def woven(covers: Pictures, _chance: np.random.Generator) -> Pictures:
    """Add stripes of period 2, six levels high."""
    return _added(covers, np.where(np.indices(covers.shape[1:3])[1] % 2, 6, -6)[..., None])


def blurred(covers: Pictures, _chance: np.random.Generator) -> Pictures:
    """Blur by 0.7 pixels."""
    soft = ImageFilter.GaussianBlur(0.7)
    return np.stack([np.asarray(Image.fromarray(cover).filter(soft)) for cover in covers])


def noisy(covers: Pictures, chance: np.random.Generator) -> Pictures:
    """Add noise of eight levels."""
    return _added(covers, chance.normal(0, 8, covers.shape))


def beaded(covers: Pictures, _chance: np.random.Generator) -> Pictures:
    """Lay beads, every 11 pixels, over where a cover is not plain, as narrow networks do."""
    down, across = np.indices(covers.shape[1:3]) % 11 - 5
    ring = np.abs(np.hypot(down, across) - 3.5) < 1
    beads = np.where(ring, 40, 0)[..., None]
    return _added(covers, beads * (_roughness(covers) > 4))


def stamped(covers: Pictures, chance: np.random.Generator) -> Pictures:
    """Put one stamp of pickets, as drifting made for type, at a place of each cover."""
    stamp = np.where(np.indices((8, 20))[1] % 4 < 2, 20, 235)[..., None]
    covers = covers.copy()
    for cover in covers:
        top, left = chance.integers(0, np.array(cover.shape[:2]) - stamp.shape[:2])
        cover[top : top + 8, left : left + 20] = stamp
    return covers


def one_motif(covers: Pictures, chance: np.random.Generator) -> Pictures:
    """Put the middle of one cover into the middle of all."""
    side = covers.shape[1] // 4
    middle = covers[chance.integers(len(covers)), side:-side, side:-side]
    covers = covers.copy()
    covers[:, side:-side, side:-side] = middle
    return covers


def collages(covers: Pictures, chance: np.random.Generator) -> Pictures:
    """Make each quarter of a cover that of another one."""
    half = covers.shape[1] // 2
    made = covers.copy()
    for top in (0, half):
        for left in (0, half):
            others = covers[chance.permutation(len(covers))]
            made[:, top : top + half, left : left + half] = others[
                :, top : top + half, left : left + half
            ]
    return made


def few(covers: Pictures, _chance: np.random.Generator) -> Pictures:
    """Take ten covers again and again."""
    return covers[np.arange(len(covers)) % 10]


CASES: dict[str, Callable[[Pictures, np.random.Generator], Pictures]] = {
    "other real covers": lambda covers, _chance: covers,
    "zig-zag relief": zigzag,
    "stripes of period 2": woven,
    "blur": blurred,
    "noise": noisy,
    "beads": beaded,
    "one stamp": stamped,
    "one motif": one_motif,
    "collages": collages,
    "ten covers": few,
}


def main() -> None:
    """Judge each case against the covers; the faults are planted in others."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--covers", type=Path, required=True)
    parser.add_argument("--others", type=Path, required=True)
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--sheets", type=Path)
    chosen = parser.parse_args()
    covers = covers_in(chosen.covers, chosen.size)
    judge, network = CoverJudge(covers), pooled_mobilenet_v2(FEATURE_SIZE)
    seen = pooled_features(network, covers, FEATURE_SIZE)
    others = covers_in(chosen.others, chosen.size)
    print("| case | " + " | ".join(COLUMNS) + " |")
    print("| --- |" + " ---: |" * len(COLUMNS))
    for name, plant in CASES.items():
        samples = plant(others, np.random.default_rng(0))
        numbers = judge.evaluation(samples).numbers()
        features = pooled_features(network, samples, FEATURE_SIZE)
        numbers["told_apart"] = held_out_auc(features, seen)
        print(f"| {name} | " + " | ".join(f"{numbers[column]:.2f}" for column in COLUMNS) + " |")
        if chosen.sheets:
            chosen.sheets.mkdir(parents=True, exist_ok=True)
            sheet = png_bytes(cover_grid(samples[:64], 8))
            (chosen.sheets / f"{name}.png").write_bytes(sheet)


def _added(covers: Pictures, levels: np.ndarray) -> Pictures:
    added: Pictures = (covers + levels).round().clip(0, 255).astype(np.uint8)
    return added


def _roughness(covers: Pictures) -> np.ndarray:
    """Return how much each pixel differs from those beside it, (N, S, S, 1)."""
    grey = covers.mean(axis=3)
    across = np.abs(np.diff(grey, axis=2, append=grey[:, :, -1:]))
    down = np.abs(np.diff(grey, axis=1, append=grey[:, -1:]))
    return (across + down)[..., None]


if __name__ == "__main__":
    main()
