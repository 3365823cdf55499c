"""How fast near-duplicates are found among 5,000 and 100,000 perceptual hashes.

    .venv/bin/pip install pybktree      # the peer; without it that line is left out
    python -m benchmarks.curation.duplicate_search

Compares `near_pairs` with comparing all pairs and with a BK-tree (pybktree), at the threshold of
the catalog; of 100,000 hashes the first alone. Each line is the median of the rounds; in a round
all is measured once, one after another, so that a busy machine slows all alike, and what counts is
processor time (all are single-threaded). Two kinds of hashes:

* random: independent bits, the kindest case for every index;
* cover-like: 32 ones of 64, and bits that go together as those of pictures do: as many pairs of
  strangers lie 15 to 18 bits apart as among the real covers of docs/duplicates.md, far more than
  of independent bits.

One hash in ten is a near-duplicate of another, 0 to 8 bits away.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from kpop_assets.covers.curating.duplicates import NEAR_DUPLICATE_BITS, representatives
from kpop_assets.covers.curating.near_pairs import near_pairs

Codes = NDArray[np.uint64]
FACTORS = 24
OWN_SHARE = 1.0
SMALL, LARGE = 5_000, 100_000


def random_codes(count: int) -> Codes:
    """Return hashes of independent bits, a tenth of them near-duplicates."""
    random = np.random.default_rng(0)
    return with_near_duplicates(random.integers(0, 2**64, count, dtype=np.uint64), random)


def cover_like_codes(count: int) -> Codes:
    """Return hashes with 32 ones and bits that go together, a tenth of them near-duplicates."""
    random = np.random.default_rng(1)
    mixing = random.standard_normal((FACTORS, 64)) / np.sqrt(FACTORS)
    values = random.standard_normal((count, FACTORS)) @ mixing
    values += OWN_SHARE * random.standard_normal(values.shape)
    ones = values > np.median(values, axis=1, keepdims=True)
    return with_near_duplicates(np.packbits(ones, axis=1).view(np.uint64).ravel(), random)


def with_near_duplicates(codes: Codes, random: np.random.Generator) -> Codes:
    """Return the hashes with the last tenth replaced by others with up to 8 bits flipped."""
    tenth = len(codes) // 10
    codes[-tenth:] = codes[random.integers(0, len(codes) - tenth, tenth)]
    for index in range(len(codes) - tenth, len(codes)):
        for bit in random.choice(64, random.integers(0, NEAR_DUPLICATE_BITS + 1), replace=False):
            codes[index] ^= np.uint64(1 << int(bit))
    return np.unique(codes)


def pairs_of_the_catalog(codes: Codes) -> int:
    """Count near pairs with the search of the catalog."""
    return len(near_pairs(codes, NEAR_DUPLICATE_BITS).first)


def all_pairs(codes: Codes) -> int:
    """Count near pairs by comparing every hash with all after it."""
    return sum(
        int((np.bitwise_count(codes[place + 1 :] ^ code) <= NEAR_DUPLICATE_BITS).sum())
        for place, code in enumerate(codes)
    )


def groups(codes: Codes) -> int:
    """Count groups, as the catalog makes them: search, then representatives."""
    return len(set(representatives([f"{code:016x}" for code in codes])))


def pairs_by_bk_tree(codes: Codes) -> int:
    """Count near pairs by asking a BK-tree for each hash."""
    import pybktree

    values = codes.tolist()
    tree = pybktree.BKTree(pybktree.hamming_distance, values)
    return (sum(len(tree.find(value, NEAR_DUPLICATE_BITS)) for value in values) - len(values)) // 2


def seconds(search: Callable[[Codes], int], codes: Codes) -> tuple[float, int]:
    """Return how long the search takes and what it counts.

    It runs once before on a hundredth, so that it finds its memory warm whatever ran before it.
    """
    search(codes[::100])
    near_pairs(codes[:SMALL], NEAR_DUPLICATE_BITS)
    start = time.process_time()
    found = search(codes)
    return time.process_time() - start, found


def main(rounds: int) -> None:
    """Measure and print."""
    peers: dict[str, Callable[[Codes], int]] = {"all pairs": all_pairs}
    with suppress(ImportError):
        import pybktree  # noqa: F401

        peers["BK-tree"] = pairs_by_bk_tree
    for kind, make in {"random": random_codes, "cover-like": cover_like_codes}.items():
        small, large = make(SMALL), make(LARGE)
        tasks: dict[str, tuple[Callable[[Codes], int], Codes]] = {
            f"bands, {SMALL:,}": (pairs_of_the_catalog, small),
            f"bands, {LARGE:,}": (pairs_of_the_catalog, large),
            f"groups, {SMALL:,}": (groups, small),
            f"groups, {LARGE:,}": (groups, large),
            **{f"{name}, {SMALL:,}": (search, small) for name, search in peers.items()},
        }
        times: dict[str, list[float]] = {name: [] for name in tasks}
        counts: dict[str, int] = {}
        for _ in range(rounds):
            for name, (search, codes) in tasks.items():
                taken, counts[name] = seconds(search, codes)
                times[name].append(taken)
        print(f"\n{kind} hashes, {rounds} rounds, threshold {NEAR_DUPLICATE_BITS} bits")
        for name, values in times.items():
            print(f"  {name:18} {statistics.median(values):9.4f} s   {counts[name]:7} found")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Measures the search for near-duplicates.")
    parser.add_argument("--rounds", type=int, default=5)
    main(parser.parse_args().rounds)
