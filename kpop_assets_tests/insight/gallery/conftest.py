import numpy as np
import pandas as pd
import pytest
from PIL import Image

from kpop_assets.covers.showing.addresses import picture_address
from kpop_assets.insight.contrast.set_contrasts import set_contrasts
from kpop_assets.insight.gallery.content import (
    CoversByMeasure,
    Film,
    GalleryContent,
    NearestCover,
    Sample,
    SetContent,
    ShownCover,
    WallPair,
)
from kpop_assets.insight.measuring.measures import COLOUR_MEASURES
from kpop_assets.insight.measuring.palettes import Palette

HOSTILE = '</script><script>alert(1)</script><img src="https://example.com/x">'


def picture(seed: int, size: int = 64) -> str:
    coarse = np.random.default_rng(seed).integers(0, 256, (5, 5, 3), dtype=np.uint8)
    return picture_address(Image.fromarray(coarse).resize((size, size), Image.Resampling.BICUBIC))


def cover(seed: int) -> ShownCover:
    return ShownCover(picture(seed), f"EXO, Album {seed}, 2018")


def set_content(name: str, seed: int, sites: str = "sample") -> SetContent:
    near = [
        NearestCover(picture(seed + 900 + n), f"EXO, Album {n}, 2018", 1.1 + n / 10)
        for n in range(3)
    ]
    samples = [
        Sample(picture(seed + n), f"{name} sample {n:03d}, seed 7", near, 0.8 + n / 50, n == 3)
        for n in range(24)
    ]
    steps = list(range(1, 401))
    return SetContent(
        name=name,
        covers=94,
        record={
            "sites": sites,
            "config": {"recipe": "drifting", "steps": 400, "image_size": 64},
            "provenance": {"best_step": 300, "covers": 94, "weights_hash": "abc"},
            "losses": {"step": steps, "drift": [1 / step for step in steps]},
            "evaluations": {
                "step": [100, 200, 300, 400],
                "kid": [300.0, 160.0, 120.0, 125.0],
                "coverage": [0.5, 0.8, 0.9, 0.9],
                "used": [0.2, 0.3, 0.4, 0.4],
                "copies": [0.0, 0.0, 0.01, 0.02],
            },
        },
        training=Film([picture(n, 200) for n in range(6)], [f"step {n * 80}" for n in range(6)]),
        interpolation=Film([picture(n + 50, 200) for n in range(6)], [f"{n}/6" for n in range(6)]),
        samples=samples,
        quality={
            **{"kid": 121.4, "kid_spread": 9.0, "coverage": 0.91, "density": 0.8, "used": 0.41},
            **{"diversity": 0.93, "copies": 0.01, "samples": 480},
            **{"told_apart": 0.97, "swd": 81.0, "fineness": -2.1, "peak": 1.2, "repeats": 0.1},
        },
        palettes={
            year: Palette(("#e8c9d4", "#1b1b3a", "#f5e9d3", "#d7263d"), (0.5, 0.3, 0.15, 0.05))
            for year in (*map(str, range(2010, 2021)), "all", "generated")
        },
    )


@pytest.fixture(scope="session")
def content() -> GalleryContent:
    chance = np.random.default_rng(0)
    profiles = {}
    for name, shift in (("boy", 0.0), ("girl", 0.8), ("popular", 0.2)):
        values = chance.normal(shift, 1, (60, len(COLOUR_MEASURES)))
        table = pd.DataFrame(values, columns=list(COLOUR_MEASURES))
        table["kind"] = ["real"] * 30 + ["generated"] * 30
        table["picture"] = [f"{name}{n}" for n in range(60)]
        profiles[name] = table.assign(text_area=np.nan, faces=np.nan)
    contrasts, separability = set_contrasts(profiles)
    sets = [set_content("girl", 0), set_content("popular", 100)]
    diversity = pd.DataFrame(
        [
            {"year": "2010", "entries": 10, "girl": 2, "top_act": HOSTILE, "top_share": 0.2},
            {"year": "all", "entries": 10, "girl": 2, "top_act": "EXO", "top_share": 0.2},
        ]
    )
    return GalleryContent(
        sets=sets,
        sites="sample",
        made_at="2026-11-25 12:00 UTC",
        findings=["girl against boy: less dark", HOSTILE],
        contrasts=contrasts,
        separability=separability,
        trends=["brightness rose with the years, by 0.1 a decade (0.05 to 0.2)"],
        wall=[
            WallPair(one.name, cover(700 + n), picture(700 + n, 32), one.samples[n], 64)
            for n in range(4)
            for one in sets
        ],
        measured={
            ("boy", "girl"): [
                CoversByMeasure(
                    "brightness",
                    {
                        "boy": [cover(800 + n) for n in range(8)],
                        "girl": [cover(820 + n) for n in range(8)],
                    },
                )
            ]
        },
        number_ones={str(year): cover(year) for year in range(2010, 2021)},
        diversity=diversity,
    )
