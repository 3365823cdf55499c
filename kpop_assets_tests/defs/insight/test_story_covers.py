"""Which covers stand for what the page says."""

import io
from pathlib import Path

import pandas as pd
import pytest

from kpop_assets.defs.insight.page.cover_pictures import CoverPictures
from kpop_assets.defs.insight.page.story_covers import (
    measured_pairs,
    number_ones,
    wall_pairs,
)
from kpop_assets.insight.gallery.content import Sample, SetContent
from kpop_assets.store.artifacts import Store
from kpop_assets_tests.conftest import drawn_cover


@pytest.fixture
def hashes(tmp_path: Path) -> list[str]:
    names = []
    for seed in range(12):
        buffer = io.BytesIO()
        drawn_cover(seed, (300, 300)).save(buffer, "JPEG")
        names.append(Store(tmp_path).add_picture(buffer.getvalue()))
    return names


@pytest.fixture
def pictures(tmp_path: Path, hashes: list[str]) -> CoverPictures:
    names = {name: f"Album {number}" for number, name in enumerate(hashes)}
    return CoverPictures(Store(tmp_path), names, [])


def profile(hashes: list[str]) -> pd.DataFrame:
    """Covers that are the brighter, the later they stand."""
    steps = [number / 10 for number in range(len(hashes))]
    real = pd.DataFrame({"picture": hashes, "brightness": steps, "pink": 0.0, "kind": "real"})
    generated = real.assign(picture="sample", kind="generated")
    return pd.concat([real.sample(frac=1, random_state=1), generated])


def set_of(name: str, samples: int = 4, unfit: str | None = None, copied: int = -1) -> SetContent:
    return SetContent(
        name=name,
        covers=6,
        record={"config": {"image_size": 32}},
        samples=[
            Sample(f"data:{name}{n}", f"{name} {n}", copied=n == copied) for n in range(samples)
        ],
        unfit=unfit,
    )


def contrasts(**different: bool) -> pd.DataFrame:
    rows = [("brightness", 0.6), ("pink", -0.2)]
    return pd.DataFrame(
        [
            {
                **{"kind": "real", "first": "boy", "second": "girl", "measure": measure},
                **{"delta": delta, "different": different.get(measure, False)},
            }
            for measure, delta in rows
        ]
    )


def test_sets_take_turns_on_the_wall_and_no_copy_is_on_it(
    hashes: list[str], pictures: CoverPictures
) -> None:
    sets = [set_of("boy", copied=1), set_of("girl"), set_of("general", unfit="collapsed")]
    profiles = {"boy": profile(hashes[:6]), "girl": profile(hashes[6:]), "general": profile(hashes)}
    wall = wall_pairs(sets, profiles, pictures)
    assert [pair.cover_set for pair in wall] == ["boy", "girl"] * 3 + ["girl"]
    assert [pair.sample.alt for pair in wall if pair.cover_set == "boy"] == [
        *("boy 0", "boy 2", "boy 3"),
    ]
    assert {pair.pixels for pair in wall} == {32}
    assert all(len(pair.as_small) < len(pair.cover.picture) for pair in wall)
    assert wall == wall_pairs(sets, profiles, pictures)


def test_a_cover_of_several_sets_is_on_the_wall_once(
    hashes: list[str], pictures: CoverPictures
) -> None:
    profiles = {"girl": profile(hashes[:6]), "popular": profile(hashes)}
    wall = wall_pairs([set_of("girl", 6), set_of("popular", 12)], profiles, pictures)
    assert len({pair.cover.picture for pair in wall}) == len(wall) == 12


def test_a_measure_is_shown_from_the_cover_with_least_to_the_one_with_most(
    hashes: list[str], pictures: CoverPictures
) -> None:
    profiles = {"boy": profile(hashes), "girl": profile(hashes[:3])}
    [shown] = measured_pairs(contrasts(brightness=True), profiles, pictures)["boy", "girl"]
    assert shown.measure == "brightness"
    boy = [cover.alt for cover in shown.covers["boy"]]
    assert len(boy) == 8
    assert (boy[0], boy[-1]) == ("Album 0", "Album 11")
    assert [cover.alt for cover in shown.covers["girl"]] == ["Album 0", "Album 1", "Album 2"]


def test_where_chance_explains_all_the_largest_difference_is_shown_alone(
    hashes: list[str], pictures: CoverPictures
) -> None:
    profiles = {"boy": profile(hashes), "girl": profile(hashes)}
    both = measured_pairs(contrasts(brightness=True, pink=True), profiles, pictures)
    none = measured_pairs(contrasts(), profiles, pictures)
    assert [one.measure for one in both["boy", "girl"]] == ["brightness", "pink"]
    assert [one.measure for one in none["boy", "girl"]] == ["brightness"]
    assert measured_pairs(contrasts(), {"boy": profiles["boy"]}, pictures) == {}
    assert measured_pairs(contrasts().iloc[:0], profiles, pictures) == {}


def test_the_number_one_is_the_highest_rank_with_a_cover(
    hashes: list[str], pictures: CoverPictures
) -> None:
    chart = pd.DataFrame(
        {
            "year": [2011, 2011, 2010, 2010],
            "rank": [2, 1, 1, 2],
            "hash": [hashes[0], hashes[1], None, hashes[2]],
        }
    )
    found = number_ones(chart, pictures)
    assert {year: cover.alt for year, cover in found.items()} == {
        "2010": "Album 2",
        "2011": "Album 1",
    }
    assert number_ones(pd.DataFrame(), pictures) == {}


def test_a_picture_that_is_damaged_is_left_out_and_named(
    tmp_path: Path, hashes: list[str], pictures: CoverPictures
) -> None:
    Store(tmp_path).picture(hashes[0]).write_bytes(b"no picture")
    assert pictures.shown(hashes[0], 64) is None
    assert pictures.shown(hashes[0], 64) is None
    [sentence] = pictures.left_out
    assert sentence.startswith(f"the cover {hashes[0][:12]}: ")
