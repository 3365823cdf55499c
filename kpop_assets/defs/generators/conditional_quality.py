"""Whether the covers of the generator of all sets are what they were told to be."""

from collections.abc import Iterable
from dataclasses import asdict

import dagster as dg
import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from kpop_assets.covers.parallel import map_pictures
from kpop_assets.covers.resize import lanczos
from kpop_assets.covers.square import squared
from kpop_assets.defs.automation import WHEN_CONTENT_CHANGED
from kpop_assets.defs.generators.conditional_generator import conditional_generators, learned_covers
from kpop_assets.defs.generators.generator_quality import JUDGING_NOISE
from kpop_assets.defs.resources import StoreResource
from kpop_assets.defs.reuse.unchanged import NOT_REPORTED
from kpop_assets.models.conditional.conditions import Range, conditions_of_record
from kpop_assets.models.published import current_folder, published_generator, training_record
from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import MissingArtifactError
from kpop_assets.store.stored_pictures import opened_picture
from kpop_assets.store.tables import Table

FEWEST_COVERS = 10
MOST_OF_A_KIND = 300


class ConditionalQualityConfig(dg.Config):
    """How many covers are drawn to see whether they are what they were told to be."""

    samples: int = Field(160, ge=10, le=5000, description="Covers generated of each kind.")
    seed: int = Field(0, ge=0, lt=2**31, description="Seed of their noise vectors.")


@dg.asset(
    group_name="insight",
    kinds={"tensorflow"},
    code_version="1",
    io_manager_key="tables",
    deps=["conditional_generator"],
    automation_condition=WHEN_CONTENT_CHANGED,
)
def conditional_quality(
    context: dg.AssetExecutionContext, config: ConditionalQualityConfig, store: StoreResource
) -> dg.MaterializeResult[Table]:
    """Whether generated covers are what they were told to be, beside how far real ones are.

    Of each pair of kinds: how well a classifier that learned from the real covers tells generated
    ones apart, on features that no recipe trains with. Of each range, such as the year: the rank
    correlation of measures of colour with it, of real covers and of generated ones.
    """
    import pandas as pd

    from kpop_assets.insight.contrast.obedience import moved, told_apart
    from kpop_assets.insight.measuring.colour_measures import MEASURED_PIXELS, colour_measures
    from kpop_assets.judge.judge import FEATURE_SIZE
    from kpop_assets.models.conditional.sampling import sample_told
    from kpop_assets.models.conditional.told_covers import ToldCovers
    from kpop_assets.pretrained.mobilenet_v2 import pooled_mobilenet_v2
    from kpop_assets.pretrained.pooled_features import pooled_features

    open_store = store.open()
    try:
        source = current_folder(conditional_generators(open_store))
    except MissingArtifactError as error:
        context.log.warning(f"nothing to judge: {error}")
        return dg.MaterializeResult(metadata=NOT_REPORTED)
    record, covers = training_record(source), learned_covers(source)
    conditions = conditions_of_record(record.get("conditions", []))
    columns = {field.name: covers[field.name].tolist() for field in conditions.fields}
    told = ToldCovers(conditions, conditions.places_of(columns, len(covers)))
    generator, network = published_generator(source), pooled_mobilenet_v2(FEATURE_SIZE)
    side = generator.output_shape[1]
    seed = JUDGING_NOISE + config.seed
    names = covers["hash"].to_numpy()

    def drawn(rows: NDArray[np.intp]) -> NDArray[np.uint8]:
        return sample_told(generator, conditions, told.places[rows], seed)

    def seen(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        return np.asarray(pooled_features(network, pictures, FEATURE_SIZE))

    kinds = {name: rows[:MOST_OF_A_KIND] for name, rows in told.groups(FEWEST_COVERS).items()}
    pairs = told_apart(
        {name: seen(_squares(open_store, names[rows], side)) for name, rows in kinds.items()},
        {
            name: seen(drawn(rows[np.arange(config.samples) % len(rows)]))
            for name, rows in kinds.items()
        },
    )
    moves = []
    for column, field in enumerate(conditions.fields):
        known = np.flatnonzero(~np.isnan(told.places[:, column]))
        if isinstance(field, Range):
            values = covers[field.name].to_numpy(np.float64)[known]
            real, generated = (
                pd.DataFrame({field.name: values, **colour_measures(_sized(one, MEASURED_PIXELS))})
                for one in (_squares(open_store, names[known], side), drawn(known))
            )
            moves += moved(field.name, real, generated)
    rows = [{"kind": "pair", **asdict(one), "says": one.says} for one in pairs]
    rows += [{"kind": "trend", **asdict(one), "moving": one.real_ones_move} for one in moves]
    for one in pairs:
        context.log.info(
            f"{one.first} and {one.second}: told apart with an AUC of {one.generated:.2f}, real "
            f"ones {one.real:.2f}: {one.says}"
        )
    table = pd.DataFrame(rows).assign(
        weights_hash=record["provenance"]["weights_hash"], sites=record["sites"]
    )
    moving = [one for one in moves if one.real_ones_move]
    return dg.MaterializeResult(
        value=table,
        metadata={
            **{f"auc_{one.first}_{one.second}": round(one.generated, 3) for one in pairs},
            **{f"real_auc_{one.first}_{one.second}": round(one.real, 3) for one in pairs},
            **{
                f"moves_{one.measure}": f"{one.generated:+.2f}, real {one.real:+.2f}"
                for one in moving
            },
            "sites": record["sites"],
        },
    )


def _squares(store: Store, names: Iterable[str], side: int) -> NDArray[np.uint8]:
    """Return the stored pictures with these hashes as squares, uint8 (N, side, side, 3).

    Raises StoredPictureError when one is gone.
    """

    def square(name: str) -> NDArray[np.uint8]:
        return np.asarray(squared(opened_picture(store, name, side), side))

    return np.stack(list(map_pictures(square, names)))


def _sized(pictures: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    from PIL import Image

    if pictures.shape[1] == side:
        return pictures
    return np.stack([np.asarray(lanczos(Image.fromarray(one), (side, side))) for one in pictures])
