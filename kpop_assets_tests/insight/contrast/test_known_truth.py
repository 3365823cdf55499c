"""Contrasts of drawn covers whose mixture of concepts is set here: the truth is known."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from kpop_assets.insight.contrast.contrasts import LEVEL, contrasts
from kpop_assets.insight.measuring.colour_measures import colour_measures
from kpop_assets.insight.measuring.measures import COLOUR_MEASURES
from kpop_assets.sample_world.artwork import CoverDesign, draw_cover, palette

SEEDS = 20
DRAWN = 600
COVERS = 150
"""Covers of each set in one comparison, chosen anew for each seed."""
OTHERS = {"vivid": 0.28, "white": 0.22, "dusk": 0.08, "muted": 0.08, "dark": 0.18, "mono": 0.16}


def mixture(pastel: float) -> Mapping[str, float]:
    return {"pastel": pastel, **{name: (1 - pastel) * part for name, part in OTHERS.items()}}


def drawn(pastel: float, first_seed: int) -> pd.DataFrame:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(palette, "CONCEPT_WEIGHTS", {"mixed": mixture(pastel)})
        pictures = [
            np.asarray(draw_cover(CoverDesign(seed, "mixed", "NOVA", "Light"), 64))
            for seed in range(first_seed, first_seed + DRAWN)
        ]
    return pd.DataFrame(colour_measures(np.stack(pictures)))


def found(first: pd.DataFrame, second: pd.DataFrame, seed: int) -> set[str]:
    """The measures that differ, and which way."""
    rows = contrasts(first, second, COLOUR_MEASURES, seed)
    different = [one for one in rows if one.is_different]
    return {f"{'more' if one.delta > 0 else 'less'} {one.measure}" for one in different}


@pytest.mark.slow
def test_a_difference_is_found_and_none_where_there_is_none() -> None:
    girl, boy = drawn(0.4, 0), drawn(0.1, 10_000)
    found_rightly, found_wrongly = 0, 0
    for seed in range(SEEDS):
        chance = np.random.default_rng(seed)
        girls, boys = (
            table.iloc[chance.choice(DRAWN, 2 * COVERS, replace=False)] for table in (girl, boy)
        )
        found_rightly += "more pastel" in found(girls[:COVERS], boys[:COVERS], seed)
        found_wrongly += bool(found(boys[:COVERS], boys[COVERS:], seed))
    assert found_rightly >= 0.85 * SEEDS
    assert found_wrongly <= LEVEL * SEEDS + 3
