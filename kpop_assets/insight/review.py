"""A page of pictures that may be no covers."""

import base64
import csv
import html
import io
from collections import defaultdict
from collections.abc import Hashable, Mapping
from contextlib import suppress
from typing import Any

import pandas as pd

from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import DamagedArtifactError, MissingArtifactError, StoredPictureError
from kpop_assets.store.files import atomic_file
from kpop_assets.store.stored_pictures import damaged_pictures, opened_picture
from kpop_assets.store.tables import stored_table

SHOWN_PIXELS = 240
ADDRESS_SHOWN = 56
FOUND_IN = {
    "crawled_covers": ["keyword", "engine", "page_address", "image_address"],
    "folder_covers": ["file"],
}
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'"
STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --accent: #c2367a; }
* { box-sizing: border-box; }
body { font: 15px/1.45 system-ui, "Noto Sans KR", sans-serif; margin: 0 auto; max-width: 1360px;
       padding: 24px 28px 60px; }
h1 { margin: 0 0 4px; font-size: 26px; } h2 { margin: 36px 0 12px; font-size: 19px; }
h2 small { font-weight: normal; opacity: .65; }
p { max-width: 78ch; } nav a { margin-right: 18px; } a { color: var(--accent); }
ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 16px;
     grid-template-columns: repeat(auto-fill, minmax(260px, 1fr)); }
li { border: 1px solid var(--line); border-radius: 8px; padding: 10px; min-width: 0;
     display: flex; flex-direction: column; }
li code { margin-top: auto; }
.picture { display: grid; place-items: center; height: 240px; background: var(--soft); }
.picture img { max-width: 100%; max-height: 240px; display: block; outline: 1px solid var(--line); }
.reasons { margin: 10px 0 4px; font-weight: 600; }
.found { font-size: 13px; opacity: .8; overflow-wrap: anywhere; margin: 0 0 8px; }
code { font-size: 12px; background: var(--soft); padding: 6px 8px; display: block;
       overflow-wrap: anywhere; user-select: all; border-radius: 4px; }
p code { display: inline; padding: 2px 5px; }
"""

Record = dict[str, Any]


def review_page(catalog: pd.DataFrame, found: dict[str, Record], store: Store) -> str:
    """Return the page as HTML: candidates by reason with the lines to copy, then rejected ones.

    `catalog` has the catalog's columns, `found` by hash where a picture was found (keyword, engine,
    page_address, image_address, or file). The page has no script, everything from outside is
    escaped, and its pictures are inside it, shrunk to 240 pixels.
    """
    is_rejected = catalog["rejected"].notna()
    suspects = catalog[~is_rejected & (catalog["not_cover_reasons"].str.len() > 0)]
    groups: dict[str, list[str]] = defaultdict(list)
    for row in suspects.to_dict("records"):
        several = len(row["not_cover_reasons"]) > 1
        title = "several reasons" if several else row["not_cover_reasons"][0]
        groups[title].append(_card(row, found, store))
    general = int((catalog["origin"] == "general").sum())
    titled = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    if rejected := [_card(row, found, store) for row in catalog[is_rejected].to_dict("records")]:
        titled.append(("rejected already", rejected))
    links = [
        f'<a href="#part-{number}">{_text(title)} ({len(cards)})</a>'
        for number, (title, cards) in enumerate(titled)
    ]
    sections = [
        _section(f"part-{number}", title, cards) for number, (title, cards) in enumerate(titled)
    ]
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Pictures that may be no covers</title><style>{STYLE}</style></head><body>
<h1>{len(suspects)} of {general} general pictures may be no covers</h1>
<p>Plain measures flagged them; only you decide. To take a picture out of all cover sets, copy the
line below it to the end of <code>data/reference/rejected_covers.csv</code>, with a reason of your
own if you like, and materialize <code>cover_catalog</code> again. The picture stays in the catalog,
marked. Leave a true cover alone.</p>
<nav>{" ".join(links)}</nav>
{"".join(sections)}
</body></html>
"""


def rejecting_line(name: str, reason: str) -> str:
    """Return the line of rejected_covers.csv that rejects the picture."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow([name, reason])
    return line.getvalue()


def _section(anchor: str, title: str, cards: list[str]) -> str:
    heading = f"{_text(title)} <small>{len(cards)}</small>"
    return f'<section id="{anchor}"><h2>{heading}</h2><ul>{"".join(cards)}</ul></section>\n'


def _card(row: Mapping[Hashable, Any], found: dict[str, Record], store: Store) -> str:
    name = str(row["hash"])
    reasons = "; ".join(row["not_cover_reasons"])
    is_rejected = not pd.isna(row["rejected"])
    line = "" if is_rejected else f"<code>{_text(rejecting_line(name, reasons))}</code>"
    said = f"rejected: {row['rejected']}" if is_rejected else reasons
    return (
        f'<li><a class="picture" href="{_text(row["path"])}">{_picture(store, name)}</a>'
        f'<p class="reasons">{_text(said)}</p>'
        f'<p class="found">{row["width"]} × {row["height"]} pixels{_place(found.get(name, {}))}</p>'
        f"{line}</li>"
    )


def _picture(store: Store, name: str) -> str:
    try:
        small = opened_picture(store, name, SHOWN_PIXELS)
    except StoredPictureError as error:
        return _text(error.reason)
    small.thumbnail((SHOWN_PIXELS, SHOWN_PIXELS))
    buffer = io.BytesIO()
    small.save(buffer, "WEBP", quality=75)
    data = base64.b64encode(buffer.getvalue()).decode()
    return f'<img alt="{name[:12]}" src="data:image/webp;base64,{data}">'


def _place(found: Record) -> str:
    parts = []
    if found.get("file"):
        parts.append(_text(found["file"]))
    if found.get("keyword"):
        parts.append(f"{_text(found['engine'])}: {_text(found['keyword'])}")
    for label, field in (("page", "page_address"), ("picture", "image_address")):
        address = str(found.get(field) or "")
        if address.startswith(("https://", "http://")):
            link = f'<a href="{_text(address)}" rel="noopener noreferrer">{label}</a>'
            parts.append(link)
        elif address:
            shown = address if len(address) <= ADDRESS_SHOWN else f"{address[:ADDRESS_SHOWN]}…"
            parts.append(f'<span title="{_text(address)}">{label} {_text(shown)}</span>')
    return "".join(f"<br>{part}" for part in parts)


def _text(value: object) -> str:
    return html.escape(str(value), quote=True)


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
