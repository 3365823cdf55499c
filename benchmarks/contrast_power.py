"""How often cover_set_contrast finds a difference that is there, by the number of covers.

    python -m benchmarks.contrast_power

Drawn covers whose mixture of concepts is known, as in the test of the known truth: pastel .4 in one
set and .1 in the other, and twice .1; 50 draws of each number of covers. Prints how many found more
pastel in the first, and how many found anything between two equal sets.
"""

import numpy as np

from kpop_assets_tests.insight.contrast.test_known_truth import DRAWN, SEEDS, drawn, found

NUMBERS = ((14, 80), (40, 40), (80, 80), (150, 150), (300, 94))


def main() -> None:
    """Print a line for each pair of numbers."""
    many, few = drawn(0.4, 0), drawn(0.1, 10_000)
    for first, second in NUMBERS:
        rightly, wrongly = 0, 0
        for seed in range(SEEDS):
            chance = np.random.default_rng(seed)
            left = many.iloc[chance.choice(DRAWN, first, replace=False)]
            right = few.iloc[chance.choice(DRAWN, first + second, replace=False)]
            rightly += "more pastel" in found(left, right[first:], seed)
            wrongly += bool(found(right[:first], right[first:], seed))
        print(
            f"{first} against {second} covers: found in {rightly}, wrongly in {wrongly} of {SEEDS}",
            flush=True,
        )


if __name__ == "__main__":
    main()
