"""What should hold of generated songs; a check that does not pass is a warning."""

from collections.abc import Sequence

import dagster as dg

from kpop_assets.songs.likeness import COPIED_ONSETS

LEAST_ORIGINAL = 0.95
"""So large a share of the songs should have no copied run."""

SONGS_ARE_NO_COPIES = dg.AssetCheckSpec(
    "songs_are_no_copies",
    asset="song_quality",
    description=f"In {LEAST_ORIGINAL:.0%} of the songs no run of {COPIED_ONSETS} onsets is that of "
    "a song that was learned from, in any key. If more are copied, train on more songs or for "
    "fewer steps, or raise the temperature.",
)
SONGS_REPEAT_AS_REAL_ONES = dg.AssetCheckSpec(
    "songs_repeat_as_real_ones",
    asset="song_quality",
    description="The songs repeat runs of 4, 8 and 16 onsets on average as much as real songs do, "
    "within one standard deviation. If they repeat too much, raise temperature or top_p; if too "
    "little, lower them, or train longer.",
)
MODEL_BEATS_THE_NGRAM = dg.AssetCheckSpec(
    "model_beats_the_ngram",
    asset="song_quality",
    description="Songs held out cost the network no more bits an onset than an n-gram model. If "
    "they cost it more, train longer, or on more songs. Recipes that foretell no tokens are not "
    "compared.",
)
SONGS_END = dg.AssetCheckSpec(
    "songs_end",
    asset="song_quality",
    description="Every song ends with notes that start its last bar and sound for half of it or "
    "more.",
)
SONG_CHECKS = (SONGS_ARE_NO_COPIES, SONGS_REPEAT_AS_REAL_ONES, MODEL_BEATS_THE_NGRAM, SONGS_END)


def no_copies(longest_runs: Sequence[int]) -> dg.AssetCheckResult:
    """Warn when too many songs have a run, of so many onsets each, that is copied."""
    copied = sum(run >= COPIED_ONSETS for run in longest_runs)
    return _warning(
        SONGS_ARE_NO_COPIES,
        1 - copied / len(longest_runs) >= LEAST_ORIGINAL,
        f"{copied} of {len(longest_runs)} songs have a copied run; the longest has "
        f"{max(longest_runs)} onsets",
    )


def repetition_as_real(
    outside: Sequence[str], monotonous: Sequence[str] = ()
) -> dg.AssetCheckResult:
    """Warn with the sentences of measures of repetition that are not those of real songs.

    `monotonous` are the names of songs that repeat more than nearly all real ones, for the record.
    """
    described = "; ".join(outside) or "as much as real songs on average"
    if monotonous:
        described += f"; more than nearly all of them: {', '.join(monotonous[:20])}"
    return _warning(SONGS_REPEAT_AS_REAL_ONES, not outside, described)


def better_than_the_ngram(
    bits: float | None, to_beat: float | None, foretells: bool = True
) -> dg.AssetCheckResult:
    """Warn when the network needs more bits than the n-gram model; None without songs held out.

    One that `foretells` no tokens cannot be compared, which is no reason to warn.
    """
    if not foretells:
        return _warning(
            MODEL_BEATS_THE_NGRAM, True, "not measurable: the recipe foretells no tokens"
        )
    if bits is None or to_beat is None:
        return _warning(MODEL_BEATS_THE_NGRAM, False, "not measurable: no song is held out")
    return _warning(
        MODEL_BEATS_THE_NGRAM,
        bits <= to_beat,
        f"{bits:.2f} bits an onset, {to_beat:.2f} of the n-gram model",
    )


def all_end(without_end: Sequence[str]) -> dg.AssetCheckResult:
    """Warn with the names of songs that do not end."""
    described = f"no end: {', '.join(without_end[:20])}" if without_end else "all songs end"
    return _warning(SONGS_END, not without_end, described)


def _warning(spec: dg.AssetCheckSpec, passed: bool, description: str) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        check_name=spec.name,
        passed=passed,
        severity=dg.AssetCheckSeverity.WARN,
        description=description,
    )
