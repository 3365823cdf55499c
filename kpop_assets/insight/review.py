"""A page of pictures that may be no covers."""

import csv
import io
from collections import defaultdict
from collections.abc import Hashable, Mapping
from contextlib import suppress
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
FOUND_IN = {
    "crawled_covers": ["keyword", "engine", "page_address", "image_address"],
    "folder_covers": ["file"],
}

Record = dict[str, Any]


def review_page(catalog: pd.DataFrame, found: dict[str, Record], store: Store) -> str:
    """Return the page as HTML: candidates by reason with the lines to copy, then rejected ones.

    `catalog` has the catalog's columns, `found` by hash where a picture was found (keyword, engine,
    page_address, image_address, or file). The page has no script, everything from outside is
    escaped, and its pictures are inside it, shrunk to 240 pixels.
    """
    is_rejected = catalog["rejected"].notna()
    suspects = catalog[~is_rejected & (catalog["not_cover_reasons"].str.len() > 0)]
    by_reason: dict[str, list[Record]] = defaultdict(list)
    for row in suspects.to_dict("records"):
        several = len(row["not_cover_reasons"]) > 1
        title = "several reasons" if several else row["not_cover_reasons"][0]
        by_reason[title].append(_card(row, found, store))
    groups = sorted(by_reason.items(), key=lambda group: (-len(group[1]), group[0]))
    if rejected := [_card(row, found, store) for row in catalog[is_rejected].to_dict("records")]:
        groups.append(("rejected already", rejected))
    return rendered(
        "review.html",
        suspects=len(suspects),
        general=int((catalog["origin"] == "general").sum()),
        groups=groups,
        parts=[
            (f"part-{number}", f"{title} ({len(cards)})")
            for number, (title, cards) in enumerate(groups)
        ],
    )


def rejecting_line(name: str, reason: str) -> str:
    """Return the line of rejected_covers.csv that rejects the picture."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow([name, reason])
    return line.getvalue()


def _card(row: Mapping[Hashable, Any], found: dict[str, Record], store: Store) -> Record:
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


def write_review(store: Store) -> str:
    """Write review.html at the top of the store and return what to tell the person.

    Raises `MissingArtifactError` without a catalog, `DamagedArtifactError` with a torn or an older
    one, and `StoreWriteError`.
    """
    catalog = stored_table(store, "cover_catalog")
    if not {"not_cover_reasons", "rejected"} <= set(catalog):
        why = "it is of an older version, without not_cover_reasons"
        raise DamagedArtifactError(store.table("cover_catalog"), "cover_catalog", why)
    page = review_page(catalog, _found(store), store)
    path = store.root / "review.html"
    with atomic_file(path) as file:
        file.write(page.encode())
    suspects = catalog["rejected"].isna() & (catalog["not_cover_reasons"].str.len() > 0)
    shown = catalog[suspects | catalog["rejected"].notna()]
    damaged = damaged_pictures(store, shown["hash"])
    without = f", {len(damaged)} of those shown gone or damaged" if damaged else ""
    return f"{int(suspects.sum())} pictures that may be no covers{without}  {path}"
