"""Near-duplicates against their plain definition."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpop_assets.covers.curating.duplicates import (
    NEAR_DUPLICATE_BITS,
    distance_counts,
    nearest_among,
    representatives,
)
from kpop_assets.covers.curating.near_pairs import AT_ONCE, FARTHEST, near_pairs

WORDS = st.integers(0, 2**64 - 1)
THRESHOLDS = st.integers(0, 10)


@st.composite
def crowded_words(draw: st.DrawFn) -> list[int]:
    """Hashes of which many lie a few bits from each other, in any order."""
    centres = draw(st.lists(WORDS, min_size=1, max_size=6))
    words = []
    for _ in range(draw(st.integers(0, 30))):
        flipped = draw(st.lists(st.integers(0, 63), max_size=9))
        words.append(draw(st.sampled_from(centres)) ^ sum({1 << bit for bit in flipped}))
    return draw(st.permutations(centres + words))


def pairs_by_definition(words: list[int], threshold: int) -> list[tuple[int, int, int]]:
    return [
        (first, second, distance)
        for first in range(len(words))
        for second in range(first + 1, len(words))
        if (distance := (words[first] ^ words[second]).bit_count()) <= threshold
    ]


def found_pairs(words: list[int], threshold: int) -> list[tuple[int, int, int]]:
    pairs = near_pairs(np.array(words, dtype=np.uint64), threshold)
    return list(
        zip(pairs.first.tolist(), pairs.second.tolist(), pairs.distance.tolist(), strict=True)
    )


@given(crowded_words(), THRESHOLDS)
def test_few_hashes_have_exactly_the_pairs_of_the_definition(
    words: list[int], threshold: int
) -> None:
    assert found_pairs(words, threshold) == pairs_by_definition(words, threshold)


@settings(deadline=None, max_examples=10)
@given(crowded_words(), THRESHOLDS)
def test_hashes_too_many_to_compare_at_once_have_exactly_the_pairs_of_the_definition(
    words: list[int], threshold: int
) -> None:
    random = np.random.default_rng(threshold)
    with_one_band = random.integers(0, 2**48, 500, dtype=np.uint64).tolist()
    assert len(with_one_band) ** 2 / 2 > AT_ONCE
    many = [*words, *with_one_band, *words[:3]]
    assert found_pairs(many, threshold) == pairs_by_definition(many, threshold)


@pytest.mark.parametrize("threshold", [13, FARTHEST])
def test_a_large_threshold_finds_the_pairs_of_the_definition(threshold: int) -> None:
    words = np.random.default_rng(threshold).integers(0, 2**64, 300, dtype=np.uint64).tolist()
    assert found_pairs(words, threshold) == pairs_by_definition(words, threshold)


def test_of_many_hashes_few_pairs_are_compared() -> None:
    codes = np.random.default_rng(0).integers(0, 2**64, 20_000, dtype=np.uint64)
    assert near_pairs(codes, NEAR_DUPLICATE_BITS).compared < 0.005 * len(codes) ** 2 / 2


@pytest.mark.parametrize("threshold", [-1, FARTHEST + 1])
def test_a_threshold_that_nearness_has_not_is_refused(threshold: int) -> None:
    with pytest.raises(ValueError, match=f"from 0 to {FARTHEST} bits"):
        near_pairs(np.zeros(2, dtype=np.uint64), threshold)


def hexadecimal(words: list[int]) -> list[str]:
    return [f"{word:016x}" for word in words]


@given(crowded_words(), THRESHOLDS)
def test_each_hash_joins_the_nearest_representative_before_it_within_the_threshold(
    words: list[int], threshold: int
) -> None:
    expected: list[int] = []
    for index, word in enumerate(words):
        near = [
            ((word ^ words[kept]).bit_count(), kept)
            for kept in range(index)
            if expected[kept] == kept and (word ^ words[kept]).bit_count() <= threshold
        ]
        joined = min(near)[1] if near else index
        expected.append(expected[words.index(word)] if word in words[:index] else joined)
    assert representatives(hexadecimal(words), threshold) == expected


@given(crowded_words(), crowded_words(), THRESHOLDS)
def test_the_nearest_among_others_is_the_nearest_of_all(
    words: list[int], others: list[int], threshold: int
) -> None:
    expected = []
    for word in words:
        distance, index = min((((word ^ other).bit_count(), i)) for i, other in enumerate(others))
        expected.append(index if distance <= threshold else None)
    assert nearest_among(hexadecimal(words), hexadecimal(others), threshold) == expected


def test_a_chain_of_small_steps_does_not_join_pictures_that_are_far_apart() -> None:
    assert representatives(hexadecimal([0, 0b11, 0b1111, 0b111111]), threshold=2) == [0, 0, 2, 2]


def test_no_pictures_have_no_duplicates() -> None:
    assert representatives([]) == []
    assert nearest_among([], ["0000000000000000"]) == []
    assert nearest_among(["0000000000000000"], []) == [None]


@given(crowded_words())
def test_the_distances_of_all_pairs_are_counted(words: list[int]) -> None:
    counts = distance_counts(hexadecimal(words))
    by_definition = pairs_by_definition(words, 64)
    assert counts.tolist() == [sum(d == bits for _, _, d in by_definition) for bits in range(65)]
