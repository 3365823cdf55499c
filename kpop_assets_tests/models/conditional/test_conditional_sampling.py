"""Covers of a generator that is told what they are to be."""

import numpy as np
import pytest

from kpop_assets.models.conditional.conditions import Choice, Conditions, Range
from kpop_assets.models.conditional.sampling import condition_frames, sample_told, told_walk
from kpop_assets.models.drifting.light_generator import build_light_generator
from kpop_assets.models.errors import SamplingError

CONDITIONS = Conditions((Choice("set", ("boy", "girl")), Range("year", 2010, 2020)))
GIRL, BOY = CONDITIONS.places({"set": "girl"}), CONDITIONS.places({"set": "boy"})
EARLY, LATE = (CONDITIONS.places({"year": year}) for year in (2010, 2020))


@pytest.fixture(scope="module")
def generator():
    return build_light_generator(32, 8 + CONDITIONS.width, 8, seed=1)


def test_a_cover_keeps_its_noise_whatever_it_is_to_be(generator):
    alone = sample_told(generator, CONDITIONS, GIRL[np.newaxis], seed=3)
    among = sample_told(generator, CONDITIONS, np.stack([GIRL, BOY, BOY]), seed=3)
    np.testing.assert_array_equal(alone[0], among[0])
    assert (among[1] != among[2]).any()


def test_what_a_cover_is_to_be_changes_it(generator):
    girl, boy = (sample_told(generator, CONDITIONS, one[np.newaxis], 3) for one in (GIRL, BOY))
    assert (girl != boy).any()


def test_a_walk_through_the_years_tells_the_years_between():
    middle = told_walk(CONDITIONS, [EARLY, LATE], 3)[1]
    np.testing.assert_allclose(
        middle, told_walk(CONDITIONS, [CONDITIONS.places({"year": 2015})] * 2, 2)[0]
    )


def test_a_walk_from_set_to_set_goes_straight():
    walk = told_walk(CONDITIONS, [BOY, GIRL], 5)
    np.testing.assert_allclose(walk[2], (walk[0] + walk[4]) / 2)


def test_a_film_of_conditions_has_a_grid_a_frame(generator):
    frames = list(condition_frames(generator, CONDITIONS, [BOY, GIRL, BOY], 5, seed=0))
    assert len(frames) == 5
    np.testing.assert_array_equal(frames[0], frames[4])
    assert (frames[0] != frames[2]).any()


@pytest.mark.parametrize(("stops", "frames"), [([BOY], 4), ([BOY, GIRL], 1)])
def test_a_walk_needs_two_stops_and_two_frames(stops, frames):
    with pytest.raises(SamplingError, match="Expected at least two stops and two frames"):
        told_walk(CONDITIONS, stops, frames)
