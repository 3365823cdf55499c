"""The table of crawled covers: what earlier crawls found, merged with what came now.

One row per distinct picture. Nothing is ever dropped. The times:

* `fetched_at`: when its bytes came first;
* `first_seen_at`, `last_seen_at`: start of the first and the latest crawl whose searches found it;
* `checked_at`: start of the latest crawl in which its address answered whether it is there;
* `gone_since`: start of the crawl that learnt from its address that it is gone, else empty.

`engine`, `keyword`, `image_address` and `page_address` are those of the first finding; `findings`
counts the (engine, keyword, address) that found it, in the crawl where most did.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, TypeAlias, cast

import pandas as pd

from kpop_assets.harvest.pictures import PICTURE_FIELDS
from kpop_assets.sites.http.validators import Validator
from kpop_assets.sites.search.crawl_notes import FoundPicture
from kpop_assets.sites.search.picture_fetcher import PictureAnswer
from kpop_assets.store.artifacts import Store

Row: TypeAlias = dict[str, Any]
SEARCHED = ("engine", "keyword", "image_address", "page_address")
TIMES = ("fetched_at", "first_seen_at", "last_seen_at", "checked_at", "gone_since")
COLUMNS = [
    *PICTURE_FIELDS,
    *SEARCHED,
    *TIMES,
    "findings",
    "etag",
    "last_modified",
    "received_sha256",
    "sites",
]
ORDER = ["engine", "keyword", "image_address", "hash"]


class EarlierCrawls:
    """What earlier crawls of the same world found, as the next crawl needs it.

    `table` has the COLUMNS. Pictures that the store has not or not as they were stored count as not
    held: they have no validator, so that they are fetched again.
    """

    def __init__(self, table: pd.DataFrame | None, store: Store) -> None:
        self.rows: list[Row] = [] if table is None else _records(_completed(table))
        held = [row for row in self.rows if store.holds_picture(row["hash"])]
        latest_last = sorted(held, key=lambda row: (row["last_seen_at"], row["hash"]))
        self._at_address: dict[str, Row] = {row["image_address"]: row for row in latest_last}
        self._received: dict[str, Row] = {row["received_sha256"]: row for row in held}

    @property
    def validators(self) -> dict[str, Validator]:
        """The validators by address as recorded."""
        return {
            address: Validator(row["etag"], row["last_modified"])
            for address, row in self._at_address.items()
        }

    def picture_at(self, address: str) -> Row:
        """The picture that a recorded address with a validator gave."""
        return self._at_address[address]

    def picture_of(self, received_sha256: str) -> Row | None:
        """The held picture that came of received bytes with this SHA-256."""
        return self._received.get(received_sha256)


def merged_table(
    earlier: EarlierCrawls,
    found: Iterable[FoundPicture[Row]],
    asked_again: Mapping[str, PictureAnswer[Row]],
    gone: Collection[str],
    *,
    crawled_at: datetime,
    sites: str,
) -> pd.DataFrame:
    """Return the COLUMNS, sorted by ORDER.

    `found` is what the searches brought; `asked_again` what other recorded addresses answered;
    `gone` has the recorded addresses that a search listed but that have no picture.
    """
    rows: dict[str, Row] = {row["hash"]: dict(row) for row in earlier.rows}
    places: dict[str, set[tuple[str, str, str]]] = {}
    for finding in sorted(found, key=lambda f: (f.engine, f.keyword, f.image_address)):
        picture = picture_of(earlier, finding)
        name = picture["hash"]
        row = rows.setdefault(name, _new_row(picture, finding, crawled_at, sites))
        row |= {field: picture[field] for field in ("path", "received_sha256")}
        row |= {"last_seen_at": crawled_at, "checked_at": crawled_at, "gone_since": None}
        if row["image_address"] == finding.image_address:
            row |= _validator(finding.answer)
        places.setdefault(name, set()).add((finding.engine, finding.keyword, finding.image_address))
        row["findings"] = max(row["findings"], len(places[name]))
    for row in rows.values():
        answer = asked_again.get(row["image_address"])
        if row["hash"] in places:
            continue
        if row["image_address"] in gone or (answer is not None and answer.gone):
            row["gone_since"] = crawled_at if pd.isna(row["gone_since"]) else row["gone_since"]
            row["checked_at"] = crawled_at
        elif answer is not None and answer.is_picture:
            row["checked_at"] = crawled_at
            if answer.unchanged or (answer.stored or {}).get("hash") == row["hash"]:
                row |= {"gone_since": None, **_validator(answer)}
    return _table(rows.values())


def addresses_to_ask_again(
    earlier: EarlierCrawls,
    found: Iterable[FoundPicture[Row]],
    gone: Collection[str],
    answered: Collection[tuple[str, str]],
    most: int,
) -> list[str]:
    """Return recorded addresses that no search listed now, although its own search was answered.

    Those come first that were checked longest ago. `answered` has (engine, keyword) pairs.
    """
    found = list(found)
    seen = {picture_of(earlier, finding)["hash"] for finding in found}
    listed = {finding.image_address for finding in found} | set(gone)
    unlisted = [
        row
        for row in earlier.rows
        if row["hash"] not in seen
        and row["image_address"] not in listed
        and (row["engine"], row["keyword"]) in answered
    ]
    unlisted.sort(key=lambda row: (row["checked_at"], row["hash"]))
    return list(dict.fromkeys(row["image_address"] for row in unlisted))[:most]


def picture_of(earlier: EarlierCrawls, finding: FoundPicture[Row]) -> Row:
    """The PICTURE_FIELDS of what was found, with those of before if it is unchanged."""
    stored = finding.answer.stored
    return earlier.picture_at(finding.image_address) if stored is None else stored


def _new_row(picture: Row, finding: FoundPicture[Row], crawled_at: datetime, sites: str) -> Row:
    return {
        **{field: picture[field] for field in PICTURE_FIELDS},
        **{field: getattr(finding, field) for field in SEARCHED},
        "fetched_at": finding.answer.asked_at,
        "first_seen_at": crawled_at,
        "findings": 0,
        "sites": sites,
    }


def _validator(answer: PictureAnswer[Row]) -> Row:
    return {"etag": answer.validator.etag, "last_modified": answer.validator.last_modified}


def _completed(table: pd.DataFrame) -> pd.DataFrame:
    """The table with the columns that the first crawls did not record."""
    table = table.copy()
    for column in ("first_seen_at", "last_seen_at", "checked_at"):
        if column not in table:
            table[column] = table["fetched_at"]
    if "findings" not in table:
        table["findings"] = 1
    return _table(_records(table.reindex(columns=COLUMNS)))


def _records(table: pd.DataFrame) -> list[Row]:
    return cast(list[Row], table.to_dict("records"))


def _table(rows: Iterable[Row]) -> pd.DataFrame:
    table = pd.DataFrame(list(rows), columns=COLUMNS).sort_values(ORDER, ignore_index=True)
    for column in TIMES:
        table[column] = pd.to_datetime(table[column], utc=True).astype("datetime64[us, UTC]")
    for column in ("etag", "last_modified", "received_sha256"):
        table[column] = table[column].astype(object).where(table[column].notna(), None)
    return table
