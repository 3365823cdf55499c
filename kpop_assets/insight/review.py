"""Pages of pictures that may be no covers."""

import csv
import io
import math
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd

from kpop_assets.covers.showing.addresses import picture_address
from kpop_assets.pages.rendering import rendered
from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import DamagedArtifactError, MissingArtifactError, StoredPictureError
from kpop_assets.store.files import atomic_file
from kpop_assets.store.stored_pictures import damaged_pictures, opened_picture
from kpop_assets.store.tables import stored_table

SHOWN_PIXELS = 240
PICTURES_A_PAGE = 500
"""Of 10 to 13 kB each: a page of 5 to 6 MB."""
REJECTED = "rejected already"
FOUND_IN = {
    "crawled_covers": ["keyword", "engine", "page_address", "image_address"],
    "folder_covers": ["file"],
}

Record = dict[str, Any]


def review_pages(
    catalog: pd.DataFrame, found: dict[str, Record], store: Store, part: int = PICTURES_A_PAGE
) -> Iterator[str]:
    """Yield the pages as HTML: candidates by reason with the lines to copy, then rejected ones.

    `catalog` has the catalog's columns, `found` by hash where a picture was found (keyword, engine,
    page_address, image_address, or file). A page shows `part` pictures, the last the rest, and
    links to the others by their `page_name`; where nothing is to be shown there is one page. The
    pages have no script, everything from outside is escaped, and their pictures are inside them,
    shrunk to 240 pixels.
    """
    groups = _groups(catalog)
    order = [(place, row) for place, (_, rows) in enumerate(groups) for row in rows]
    firsts = [sum(len(rows) for _, rows in groups[:place]) for place in range(len(groups))]
    names = [page_name(number) for number in range(1, max(1, math.ceil(len(order) / part)) + 1)]
    for number, name in enumerate(names, 1):
        start = (number - 1) * part
        on_page: dict[int, list[Record]] = defaultdict(list)
        for place, row in order[start : start + part]:
            on_page[place].append(_card(row, found, store))
        yield rendered(
            "review.html",
            suspects=sum(len(rows) for title, rows in groups if title != REJECTED),
            general=int((catalog["origin"] == "general").sum()),
            number=number,
            pages=names,
            groups=[
                {
                    "id": f"part-{place}",
                    "title": groups[place][0],
                    "shown": _shown(start - firsts[place], len(cards), len(groups[place][1])),
                    "cards": cards,
                }
                for place, cards in on_page.items()
            ],
            parts=[
                (_address(names[firsts[place] // part], name, place), f"{title} ({len(rows)})")
                for place, (title, rows) in enumerate(groups)
            ],
        )


def page_name(number: int) -> str:
    """Return the name of the file of a page, from 1 on."""
    return "review.html" if number == 1 else f"review-{number}.html"


def _groups(catalog: pd.DataFrame) -> list[tuple[str, list[Record]]]:
    """Return the rows to be shown by title: by reason, most first, then those rejected already."""
    is_rejected = catalog["rejected"].notna()
    suspects = catalog[~is_rejected & (catalog["not_cover_reasons"].str.len() > 0)]
    by_reason: dict[str, list[Record]] = defaultdict(list)
    for row in _records(suspects):
        several = len(row["not_cover_reasons"]) > 1
        by_reason["several reasons" if several else row["not_cover_reasons"][0]].append(row)
    groups = sorted(by_reason.items(), key=lambda group: (-len(group[1]), group[0]))
    rejected = _records(catalog[is_rejected])
    return [*groups, (REJECTED, rejected)] if rejected else groups


def _records(rows: pd.DataFrame) -> list[Record]:
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


def _shown(before: int, count: int, of: int) -> str:
    """Return how many of a group a page shows, or which ones where others stand elsewhere."""
    first = max(before, 0)
    return f"{of}" if count == of else f"{first + 1} to {first + count} of {of}"


def _address(page: str, shown_on: str, place: int) -> str:
    return f"{'' if page == shown_on else page}#part-{place}"


def rejecting_line(name: str, reason: str) -> str:
    """Return the line of rejected_covers.csv that rejects the picture."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow([name, reason])
    return line.getvalue()


def _card(row: Record, found: dict[str, Record], store: Store) -> Record:
    """Return what the page shows of a picture."""
    name, reasons = str(row["hash"]), "; ".join(row["not_cover_reasons"])
    is_rejected = not pd.isna(row["rejected"])
    place = found.get(name, {})
    searched = f"{place['engine']}: {place['keyword']}" if place.get("keyword") else None
    addresses = {"page": place.get("page_address"), "picture": place.get("image_address")}
    return {
        **{column: row[column] for column in ("path", "width", "height")},
        **_picture(store, name),
        "name": name,
        "is_rejected": is_rejected,
        "reasons": row["rejected"] if is_rejected else reasons,
        "line": rejecting_line(name, reasons),
        "places": [text for text in (place.get("file"), searched) if text],
        "addresses": {label: str(address) for label, address in addresses.items() if address},
    }


def _picture(store: Store, name: str) -> Record:
    """Return the picture as an address, or the trouble with it."""
    try:
        small = opened_picture(store, name, SHOWN_PIXELS)
    except StoredPictureError as error:
        return {"picture": None, "trouble": error.reason}
    return {"picture": picture_address(small, SHOWN_PIXELS)}


def _found(store: Store) -> dict[str, Record]:
    places: dict[str, Record] = {}
    for asset, columns in FOUND_IN.items():
        with suppress(MissingArtifactError):
            table = stored_table(store, asset).drop_duplicates("hash")
            known = table.reindex(columns=["hash", *columns]).astype(object)
            for row in known.where(known.notna(), None).to_dict("records"):
                places.setdefault(row["hash"], {name: row[name] for name in columns})
    return places


def write_review(store: Store, folder: Path, part: int = PICTURES_A_PAGE) -> str:
    """Write the review pages of a store into a folder and return what to tell the person.

    Pages of `part` pictures; the first is review.html, and those of an earlier review are removed.
    Raises `MissingArtifactError` without a catalog, `DamagedArtifactError` with a torn or an older
    one, and `StoreWriteError`.
    """
    catalog = stored_table(store, "cover_catalog")
    if not {"not_cover_reasons", "rejected"} <= set(catalog):
        why = "it is of an older version, without not_cover_reasons"
        raise DamagedArtifactError(store.table("cover_catalog"), "cover_catalog", why)
    written = set()
    for number, page in enumerate(review_pages(catalog, _found(store), store, part), 1):
        with atomic_file(folder / page_name(number)) as file:
            file.write(page.encode())
        written.add(page_name(number))
    for path in folder.glob("review-*.html"):
        if path.name not in written:
            path.unlink()
    suspects = catalog["rejected"].isna() & (catalog["not_cover_reasons"].str.len() > 0)
    shown = catalog[suspects | catalog["rejected"].notna()]
    damaged = damaged_pictures(store, shown["hash"])
    without = f", {len(damaged)} of those shown gone or damaged" if damaged else ""
    on = f" on {len(written)} pages" if len(written) > 1 else ""
    first = folder / page_name(1)
    return f"{int(suspects.sum())} pictures that may be no covers{on}{without}  {first}"
