"""The table of pictures that a person rejected."""

import re
from collections.abc import Callable
from pathlib import Path

from kpop_assets.errors import KpopAssetsError
from kpop_assets.text import one_line
from kpop_assets.user_files.csv_files import CsvFileError, read_csv, shown_cell

COLUMNS = ("hash", "reason")


class RejectedCoversError(KpopAssetsError):
    """The table of rejected pictures cannot be used; the message names file and line."""


def rejected_covers(table: Path, note: Callable[[str], None] = lambda _: None) -> dict[str, str]:
    """Return the reasons by content hash that the table (CSV; columns hash, reason) lists.

    `note` is told what was assumed in reading it. Raises `RejectedCoversError` when the table is
    missing or lacks a column, or when a line has no SHA-256, no reason, or a hash that stood above.
    """
    try:
        lines = read_csv(table, COLUMNS)
    except CsvFileError as error:
        raise RejectedCoversError(str(error)) from error
    for text in lines.notes:
        note(text)
    reasons: dict[str, str] = {}
    for row in lines.rows:
        name, reason = row.cells["hash"], one_line(row.cells["reason"])
        if row.fault or not reason or not re.fullmatch("[0-9a-f]{64}", name):
            came = row.fault or f"got {shown_cell(','.join(row.cells.values()))}"
            raise RejectedCoversError(
                f"expected a hash of 64 digits (0-9, a-f), a comma and a reason in {table}, "
                f"line {row.line}: {came}; quote a reason that has a comma"
            )
        if name in reasons:
            raise RejectedCoversError(
                f"expected each hash once in {table}, but line {row.line} repeats {name}; "
                "remove one"
            )
        reasons[name] = reason
    return reasons
