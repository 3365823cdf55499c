"""The recipes that foretell no tokens go all the way through the lineage as well."""

from pathlib import Path

import pytest

import kpop_assets as kpop
from kpop_assets.defs.insight.page.song_sections import songs_content
from kpop_assets.defs.songs.generated_songs import generated_songs_record
from kpop_assets.defs.songs.song_quality import song_quality_record
from kpop_assets.insight.gallery.song_words import quality_words
from kpop_assets.models.songs.published import song_model_record, song_recipe, trained_song_network
from kpop_assets.models.songs.recipes import SONG_RECIPES
from kpop_assets.models.training_record import weights_hash
from kpop_assets.store.artifacts import Store
from kpop_assets.verify import verified
from kpop_assets_tests.conftest import failure_text, metadata
from kpop_assets_tests.defs.songs.conftest import TINY_MODEL

OTHERS = [name for name, recipe in SONG_RECIPES.items() if not recipe.foretells]
TWO = {"songs": 2, "bars": 4, "seed": 5}
ALL = ("song_model", "generated_songs", "song_quality")


@pytest.mark.parametrize("recipe", OTHERS)
def test_it_is_trained_read_back_composed_with_told_to_be_not_measurable_and_begins_itself(
    recipe: str, materialize, store: Path
) -> None:
    configs = {"song_model": {**TINY_MODEL, "recipe": recipe}, "generated_songs": TWO}
    result = materialize(*ALL, **configs)
    assert result.success
    model = song_model_record(Store(store))
    assert (model["evaluations"], model["provenance"]["best_step"]) == ({}, 4)
    assert song_recipe(Store(store)) is SONG_RECIPES[recipe]
    network = trained_song_network(Store(store))
    assert weights_hash(network) == model["provenance"]["weights_hash"]
    assert [one["notes"] > 0 for one in generated_songs_record(Store(store))["songs"]] == [True] * 2
    composed = kpop.compose(4, seed=5, key="Am", store=store)
    assert len(composed.song.notes)
    record = song_quality_record(Store(store))
    assert (record["bits_an_onset"], record["judged_on"]) == (None, None)
    assert metadata(result, "song_quality")["bits_an_onset"] == "not measurable"
    checks = {one.check_name: one for one in result.get_asset_check_evaluations()}
    assert checks["model_beats_the_ngram"].passed
    assert "not measurable" in str(checks["model_beats_the_ngram"].description)
    shown = songs_content(Store(store))
    assert shown is not None
    assert shown.quality is not None
    assert "not measurable" in quality_words(shown.quality, "your songs")[0]
    assert "unchanged_since" in metadata(materialize("song_model", **configs), "song_model")
    assert not verified(Store(store)).damaged
    asked = {**TWO, "bars": 8, "continue_from": "song 1.mid"}
    refused = materialize("generated_songs", generated_songs=asked)
    assert "leave the beginning out, or train another recipe" in failure_text(refused)
