"""Numbers that could not be measured, in files and in the UI: null and words, never NaN."""

import math

NOT_MEASURABLE = "not measurable"


def number_or_null(value: float) -> float | None:
    """Return the number for a JSON file, None for NaN and infinities."""
    return value if math.isfinite(value) else None


def shown_number(value: float) -> float | str:
    """Return the number to three decimals for metadata, NOT_MEASURABLE for NaN and infinities."""
    return round(float(value), 3) if math.isfinite(value) else NOT_MEASURABLE
