"""The films of the page keep it small."""

from pathlib import Path

from kpop_assets.defs.insight.page.films import most_frames, training_film, walk_film
from kpop_assets.models.published import generator_folder
from kpop_assets.store.artifacts import Store


def test_of_many_sets_each_film_has_fewer_frames() -> None:
    assert most_frames(1) == most_frames(2) > most_frames(3) == most_frames(4)


def test_a_film_begins_and_ends_as_it_did_with_all_frames(store_with_samples: Path) -> None:
    store = Store(store_with_samples)
    whole, short = (walk_film(store, "boy", most) for most in (1000, 3))
    assert len(whole.frames) > len(short.frames) == 3
    assert (short.frames[0], short.frames[-1]) == (whole.frames[0], whole.frames[-1])
    assert training_film(generator_folder(store, "boy"), 2).captions == ["step 0", "step 4"]
