"""Tables that people write: CSV in whatever encoding and with whatever separator it was saved."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from kpop_assets.errors import KpopAssetsError
from kpop_assets.text import comparable, one_line, without_no_width
from kpop_assets.user_files.regular_files import UnusableFileError, read_regular_file

MAX_BYTES = 16 * 2**20
MOST_ROWS = 100_000
MOST_EMPTY_ROWS = 2**20
"""As many as a sheet of Excel has."""
MOST_COLUMNS = 1_000
HEADER_CHARACTERS = 50_000
"""The separator is looked for in so many."""
MOST_CHARACTERS = 2_000
"""Of one cell."""
SHOWN_CHARACTERS = 100
SHOWN_LINES = 10
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
DECLARED_SEPARATOR = re.compile(r'"?sep=([^"\r\n\w])"?(?:\r\n|\r|\n|$)', re.IGNORECASE)
"""The first line that Excel writes and obeys."""
MARKED_ENCODINGS = (
    (codecs.BOM_UTF8, "UTF-8"),
    (codecs.BOM_UTF32_LE, "UTF-32-LE"),
    (codecs.BOM_UTF32_BE, "UTF-32-BE"),
    (codecs.BOM_UTF16_LE, "UTF-16-LE"),
    (codecs.BOM_UTF16_BE, "UTF-16-BE"),
)
SAVE_IT = "save it as CSV, UTF-8, separated by commas"


class CsvFileError(KpopAssetsError):
    """A table cannot be read; the message names file and line."""


@dataclass(frozen=True)
class CsvRow:
    """One line: its number in the file, and its cells without spaces around, by column asked for.

    `fault` says what is wrong with the line as a whole, "" where nothing is.
    """

    line: int
    cells: Mapping[str, str]
    fault: str = ""


@dataclass(frozen=True)
class CsvTable:
    """The lines of a table, what was assumed in reading it, and what its writer should know."""

    rows: list[CsvRow]
    read_as: str
    notes: list[str]


def read_csv(path: Path, needed: Sequence[str], optional: Sequence[str] = ()) -> CsvTable:
    """Return the lines of a table with a header; "" stands for cells and columns that lack.

    The encoding is UTF-8, UTF-16 or CP949; the separator, a comma, a semicolon or a tab, is the one
    that finds most columns in the header. Headers are compared without case, spaces and
    punctuation. Lines without any text are passed over; nothing but text is made of a cell. Lines
    after the first 100,000 are left out, which the notes say.

    Raises `CsvFileError` when the file is no regular one of at most 16 MB, when it is no text,
    lacks a needed column or has one twice, or where a quote is not closed.
    """
    columns = [*needed, *optional]
    try:
        content = read_regular_file(path, MAX_BYTES)
    except UnusableFileError as error:
        raise CsvFileError(
            f"{path}: expected a table with the columns {_listed(columns)}, but {error.reason}; "
            f"{SAVE_IT}"
        ) from error
    text, encoding = _decoded(path, content)
    separator, records = _records_with_header(path, text, columns)
    first_line, header = next(records, (1, []))
    places = _places(path, first_line, header, needed, columns)
    rows: list[CsvRow] = []
    notes = _notes(path, encoding, separator, header, places)
    for line, cells in records:
        if len(rows) == MOST_ROWS:
            notes.append(
                f"{path.name} has more than {MOST_ROWS:,} lines: those from line {line} on are "
                "left out; split the table"
            )
            break
        rows.append(_row(line, cells, columns, places, header))
    read_as = f"{encoding}, separated by {SEPARATORS.get(separator, repr(separator))}"
    return CsvTable(rows, read_as, notes)


def bad_lines(path: Path, faults: Sequence[str]) -> str:
    """Return the message that names what is wrong with lines, the first ten of them."""
    more = f"; and {len(faults) - SHOWN_LINES:,} more" if len(faults) > SHOWN_LINES else ""
    return f"{path}: {'; '.join(faults[:SHOWN_LINES])}{more}; correct these lines"


def shown_cell(text: str) -> str:
    """Return a cell for a message: quoted, its control characters as codes, cut."""
    cut = text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"
    return repr(cut)


def _decoded(path: Path, content: bytes) -> tuple[str, str]:
    guesses: tuple[str, ...] = ("UTF-8", "CP949")
    for mark, encoding in MARKED_ENCODINGS:
        if content.startswith(mark):
            content, guesses = content[len(mark) :], (encoding,)
            break
    else:
        if content[1:2] == content[3:4] == b"\0":
            guesses = ("UTF-16-LE",)
        elif content[:1] == content[2:3] == b"\0":
            guesses = ("UTF-16-BE",)
    line = 0
    for encoding in guesses:
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError as error:
            line = line or content.count(b"\n", 0, error.start) + 1
    raise CsvFileError(
        f"{path}, line {line}: expected text in {' or '.join(guesses)}, but other bytes came; "
        f"{SAVE_IT}"
    )


def _records_with_header(
    path: Path, text: str, columns: Sequence[str]
) -> tuple[str, Iterator[tuple[int, list[str]]]]:
    """The separator, and the records with their line numbers, the header first."""
    declared = DECLARED_SEPARATOR.match(text)
    skipped = declared.end() if declared else 0
    known = {column_key(column) for column in columns}
    head = text[skipped : skipped + HEADER_CHARACTERS]

    def found(separator: str) -> tuple[int, int]:
        try:
            _, header = next(_records(path, head, separator, 0), (1, []))
        except CsvFileError:
            return 0, 0
        keys = [column_key(name) for name in header[:MOST_COLUMNS]]
        return len(known.intersection(keys)), len(keys)

    separator = declared.group(1) if declared else max(SEPARATORS, key=found)
    return separator, _records(path, text[skipped:], separator, 1 if declared else 0)


def _records(
    path: Path, text: str, separator: str, lines_before: int
) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    empty_rows = 0
    while empty_rows <= MOST_EMPTY_ROWS:
        line = reader.line_num + 1 + lines_before
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise CsvFileError(
                f"{path}, line {line}: expected CSV, but {error}; close each quote, and double "
                "one inside a quoted text"
            ) from error
        if any(without_no_width(cell).strip() for cell in cells):
            yield line, cells
        else:
            empty_rows += 1
    raise CsvFileError(
        f"{path}: expected lines with text, but {MOST_EMPTY_ROWS:,} without any came; remove them"
    )


def column_key(name: str) -> str:
    """Return the form in which the names of columns are compared: letters and digits only."""
    return "".join(filter(str.isalnum, comparable(name[:SHOWN_CHARACTERS])))


def _places(
    path: Path, line: int, header: list[str], needed: Sequence[str], columns: Sequence[str]
) -> dict[str, int]:
    """Where each column stands in a line."""
    where = f"{path}, line {line}: expected the columns {_listed(needed)}"
    if len(header) > MOST_COLUMNS:
        raise CsvFileError(f"{where}, but {len(header):,} columns came; {SAVE_IT}")
    keys = [column_key(name) for name in header]
    missing = [column for column in needed if column_key(column) not in keys]
    if missing:
        came = ", ".join(_names(name for name in header if name.strip())) or "none"
        raise CsvFileError(
            f"{where}, but it lacks {_listed(sorted(missing))} and has {came}"
            f"{_hint(missing, columns, header)}; {SAVE_IT}, with the names of the columns first"
        )
    for column in columns:
        if keys.count(column_key(column)) > 1:
            raise CsvFileError(f"{where}, but {column} came twice; remove or rename one of them")
    return {column: keys.index(key) for column in columns if (key := column_key(column)) in keys}


def _hint(missing: Sequence[str], columns: Sequence[str], header: Sequence[str]) -> str:
    """A question that names the column which a missing one may have been meant by, if any."""
    known = set(map(column_key, columns))
    unknown = {column_key(name): name for name in header[:SHOWN_LINES]}
    for column in missing:
        for key in get_close_matches(column_key(column), unknown.keys() - known, 1, cutoff=0.55):
            return f" (is {one_line(unknown[key])[:SHOWN_CHARACTERS]} meant as {column}?)"
    return ""


def _notes(
    path: Path, encoding: str, separator: str, header: list[str], places: Mapping[str, int]
) -> list[str]:
    notes = []
    if encoding != "UTF-8":
        notes.append(f"{path.name} was read as {encoding}: if names are wrong, save it as UTF-8")
    if separator != ",":
        kind = SEPARATORS.get(separator, repr(separator))
        notes.append(f"{path.name} was read as separated by {kind}")
    unknown = [name for i, name in enumerate(header) if name.strip() and i not in places.values()]
    if unknown:
        notes.append(
            f"{path.name}: the columns {', '.join(_names(unknown))} are not known and not read"
        )
    return notes


def _row(
    line: int,
    cells: list[str],
    columns: Sequence[str],
    places: Mapping[str, int],
    header: Sequence[str],
) -> CsvRow:
    texts = [cell.strip() for cell in cells[: len(header)]]
    fault = ""
    if any(cell.strip() for cell in cells[len(header) :]):
        fault = (
            f"expected {len(header)} cells in line {line}, got {len(cells)}: quote a text that has "
            "a comma or another separator"
        )
    elif any(len(text) > MOST_CHARACTERS for text in texts):
        longest = max(map(len, texts))
        fault = f"expected at most {MOST_CHARACTERS:,} characters a cell in line {line}, got " + (
            f"{longest:,}"
        )
    return CsvRow(
        line,
        {
            column: texts[places[column]] if places.get(column, len(texts)) < len(texts) else ""
            for column in columns
        },
        fault,
    )


def _names(names: Sequence[str] | Iterator[str]) -> list[str]:
    """The names of columns for a message, the first ten, without control characters, cut."""
    cut = [one_line(name)[:SHOWN_CHARACTERS] for name in names]
    more = [f"{len(cut) - SHOWN_LINES:,} more"] if len(cut) > SHOWN_LINES else []
    return [*cut[:SHOWN_LINES], *more]


def _listed(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
