"""Generated covers of a set, and the covers that they come near."""

from collections.abc import Sequence
from typing import Any

from kpop_assets.insight.gallery.content import Sample

CLOSEST, CLOSEST_OF_MANY = 6, 3
"""Samples shown beside the cover nearest to them, of one set or two, and of each of more."""


def wall_of_samples(samples: Sequence[Sample], covers: str) -> dict[str, Any]:
    """Return what the page's script shows of samples: each cover near one is in it once."""
    pictures = list(dict.fromkeys(near.picture for one in samples for near in one.nearest))
    places = {picture: place for place, picture in enumerate(pictures)}
    return {
        "pictures": pictures,
        "samples": [
            {
                "alt": sample.alt,
                "verdict": verdict(sample, covers),
                "nearest": [
                    {
                        "picture": places[near.picture],
                        "alt": near.alt,
                        "caption": f"{near.alt}; distance {near.distance:.2f}",
                    }
                    for near in sample.nearest
                ],
            }
            for sample in samples
        ],
    }


def closest(samples: Sequence[Sample], sets: int) -> list[Sample]:
    """Return the samples that come nearest to a cover, the nearest first, copies before others.

    `sets` says how many sets are shown.
    """
    known = [one for one in samples if one.nearest and (one.copied or one.ratio is not None)]
    return sorted(known, key=lambda one: (not one.copied, one.ratio or 0.0))[
        : CLOSEST if sets <= 2 else CLOSEST_OF_MANY
    ]


def verdict(sample: Sample, covers: str) -> str:
    """Return a sentence on how near a sample comes to the nearest cover."""
    if not sample.nearest:
        return "The nearest covers are known once originality is materialized."
    if sample.copied:
        return "A copy: it shows a training cover again."
    if sample.ratio is None:
        return "The set has one cover, so there is no distance between covers to compare with."
    return (
        f"{sample.ratio:.2f} times as far from {covers} as these are from each other; "
        "below 1 it is nearer."
    )
