"""A generator in the page: its weights as text, its libraries known to the policy, its size."""

import base64
import hashlib
import re
import zlib
from dataclasses import replace

import numpy as np
import pytest

from kpop_assets.insight.gallery.content import GalleryContent
from kpop_assets.insight.gallery.live_values import LIBRARIES, packed
from kpop_assets.insight.gallery.page import gallery_page
from kpop_assets.models.live.content import Condition, ExportedNetwork, LiveGenerator, Range
from kpop_assets.pages.vendored import vendored_script
from kpop_assets_tests.insight.gallery.conftest import HOSTILE

WIDEST = 3_120_000
"""Weights of a generator of width 64 for 64 pixels."""
MOST_BYTES = 9_000_000


@pytest.fixture(scope="module")
def live() -> LiveGenerator:
    chance = np.random.default_rng(0)
    weights = (chance.standard_normal(WIDEST) / 20).astype(np.float16)
    fields = [
        Condition(HOSTILE, [(HOSTILE, np.float32([1])), ("girl", (2.0,))]),
        Range("year", 2010, 2020, 1, [(1.0,), (2.0,)]),
    ]
    return LiveGenerator(ExportedNetwork([], (0, 0), weights), 128, 64, "abc", fields)


@pytest.fixture(scope="module")
def page(content: GalleryContent, live: LiveGenerator) -> str:
    return gallery_page(replace(content, live=live))


def test_weights_as_text_are_the_low_bytes_of_all_then_the_high_ones() -> None:
    weights = np.float16([1, -2.5, 65504, 6e-8])
    planes = zlib.decompress(base64.b64decode(packed(weights)))
    np.testing.assert_array_equal(
        np.frombuffer(planes, np.uint8).reshape(2, -1).T.copy().view("<f2").ravel(), weights
    )


def test_the_policy_knows_every_library_and_allows_no_code_from_text(page: str) -> None:
    policy = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)[0]
    for name in LIBRARIES:
        script = vendored_script(name)
        assert f"<script>{script}</script>" in page
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert len(re.findall("'sha256-", policy)) == len(LIBRARIES) + 1
    assert "unsafe-eval" not in policy
    assert "connect-src" not in policy


def test_a_page_with_the_widest_generator_is_small_enough(page: str) -> None:
    assert len(page.encode()) < MOST_BYTES


def test_names_of_fields_are_escaped(page: str) -> None:
    assert HOSTILE not in page
    assert '<a href="#live">Draw</a>' in page


def test_a_training_that_is_not_a_full_one_is_said_to_be(
    content: GalleryContent, live: LiveGenerator
) -> None:
    short = gallery_page(replace(content, live=replace(live, steps=150, full_steps=1750)))
    assert "trained for 150 steps. A full training has 1,750 and draws better." in short
    full = gallery_page(replace(content, live=replace(live, steps=1750, full_steps=1750)))
    assert "trained for 1,750 steps.</p>" in full


def test_a_page_without_a_generator_has_no_library(content: GalleryContent) -> None:
    page = gallery_page(content)
    assert "tfjs" not in page
    assert 'id="live"' not in page
