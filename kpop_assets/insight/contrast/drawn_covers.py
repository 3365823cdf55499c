"""Which covers of a large set are compared."""

import pandas as pd

MOST_COMPARED = 4_000
"""Of a group: with as many, chance moves Cliff's delta by 0.03, which nobody sees on covers, and
the slopes between all pairs of them fit into 0.4 GB."""


def drawn_covers(covers: pd.DataFrame, seed: int = 0) -> pd.DataFrame:
    """Return up to MOST_COMPARED rows in their order, which ones `seed` says."""
    if len(covers) <= MOST_COMPARED:
        return covers
    return covers.sample(MOST_COMPARED, random_state=seed).sort_index()


def drawn_words(name: str, covers: int) -> str | None:
    """Return a sentence on a set of which not all covers are compared; None where all are."""
    if covers <= MOST_COMPARED:
        return None
    return (
        f"{name}: of its {covers:,} covers at most {MOST_COMPARED:,}, drawn by chance, are compared"
    )
