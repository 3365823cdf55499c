import hashlib
import shutil

import numpy as np
import pytest

from kpop_assets.models.songs.judge import SongEvaluation, SongJudge
from kpop_assets.models.songs.network import song_network
from kpop_assets.models.songs.recipes import SONG_RECIPES
from kpop_assets.models.songs.settings import SongSettings
from kpop_assets.models.songs.training import train_songs
from kpop_assets.models.songs.windows import songs_with_more
from kpop_assets.training.checkpoint import checkpoint_steps
from kpop_assets.training.host import TrainingHost
from kpop_assets_tests.models.songs.small_songs import HELD_OUT, SMALL, SONGS

OF_SEQUENCES = [name for name, recipe in SONG_RECIPES.items() if not recipe.foretells]


def digest_of(network):
    return hashlib.sha256(b"".join(one.tobytes() for one in network.get_weights())).hexdigest()


def preview(_network):
    return np.zeros((2, 2, 3), np.uint8)


def trained(settings, folder, **host):
    judge = SongJudge(HELD_OUT, settings.filled().window)
    songs = songs_with_more(SONGS)
    return train_songs(songs, settings, folder, TrainingHost(**host), preview, judge)


@pytest.mark.parametrize("recipe", SONG_RECIPES)
def test_a_stopped_run_of_any_recipe_ends_as_an_unbroken_one(recipe, tmp_path):
    settings = SMALL.model_copy(update={"recipe": recipe})
    folder, stopped = tmp_path / "unbroken", tmp_path / "stopped"

    def keep_the_first(step):
        if step == 3:
            shutil.copytree(folder, stopped)

    unbroken = trained(settings, folder, on_checkpoint=keep_the_first)
    assert checkpoint_steps(stopped) == [3]
    resumed = trained(settings, stopped)
    assert resumed.first_step == 3
    assert digest_of(resumed.network) == digest_of(unbroken.network)
    assert resumed.losses.equals(unbroken.losses)
    assert tuple(SONG_RECIPES[recipe].losses) == tuple(resumed.losses.columns[1:])


@pytest.mark.parametrize("recipe", OF_SEQUENCES)
def test_a_recipe_that_foretells_no_tokens_learns_and_the_last_step_is_the_result(recipe, tmp_path):
    few = {"steps": 60, "batch_size": 32, "width": 32, "learning_rate": 0.01, "dropout": 0.0}
    result = trained(SMALL.model_copy(update={"recipe": recipe, **few}), tmp_path)
    assert result.losses.iloc[-10:, 1].mean() < 0.8 * result.losses.iloc[:10, 1].mean()
    assert (result.best_step, len(result.evaluations)) == (60, 0)


@pytest.mark.slow
def test_a_network_learns_and_the_best_is_kept(tmp_path):
    few = {"steps": 40, "width": 32, "window": 32, "learning_rate": 0.01, "evaluate_every": 10}
    settings = SMALL.model_copy(update=few)
    told = []
    result = trained(settings, tmp_path, on_evaluation=lambda step, one: told.append((step, one)))
    best = SongJudge(HELD_OUT)(result.network).score
    assert best < 0.8 * SongJudge(HELD_OUT)(song_network(settings.filled())).score
    assert best == pytest.approx(min(numbers["score"] for _, numbers in told), rel=1e-4)


def test_a_network_worse_than_something_simpler_is_warned_of():
    assert SongEvaluation(3.0, 3.0, 0.1, to_beat=4.0).warning() is None
    assert "n-gram" in SongEvaluation(5.0, 5.0, 0.1, to_beat=4.0).warning()
    assert SongEvaluation(5.0, 5.0, 0.1).warning() is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("recipe", "orchestra"),
        ("steps", 0),
        ("window", 2),
        ("learning_rate", float("nan")),
        ("dropout", 1.0),
        ("share_of_more", 2.0),
        ("seed", -1),
        ("evaluate_every", -1),
    ],
)
def test_settings_that_make_no_sense_are_refused_by_name(field, value):
    with pytest.raises(ValueError, match=field):
        SongSettings(**{field: value})
