"""The covers that an earlier run found: which still hold, and whether their pictures changed."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from kpop_assets.covers.decode import UnreadablePictureError
from kpop_assets.harvest.circuit_breaker import CircuitBreaker
from kpop_assets.harvest.pictures import PICTURE_FIELDS, stored_picture
from kpop_assets.sites.http.session import SiteError, SiteSession
from kpop_assets.sites.http.validators import Validator
from kpop_assets.sites.matching.album_match import Candidate, Wanted
from kpop_assets.sites.shops.found_covers import CoverNotFoundError
from kpop_assets.sites.shops.sources import LAST_RESORTS, SOURCE_NAMED
from kpop_assets.store.artifacts import Store

NEEDED = {*PICTURE_FIELDS, "artist", "album", "source", "image_address", "sites"}

Row = dict[str, Any]


class VanishedError(CoverNotFoundError):
    """The site no longer has the picture."""


@dataclass(frozen=True)
class CoverBefore:
    """The columns of a cover found before, for an album that is looked for now."""

    row: Row
    wanted: Wanted

    @property
    def contradicted(self) -> bool:
        """Whether a person or the matcher finds today that it is of another album.

        So is a cover of a source that is no more.
        """
        source = SOURCE_NAMED.get(self.row["source"])
        found = Candidate(
            str(self.row.get("album_id")),
            str(self.row.get("matched_artist") or ""),
            str(self.row.get("matched_title") or ""),
        )
        return source is None or not source.still_fits(self.wanted, found)

    @property
    def is_to_be_improved(self) -> bool:
        """Whether a better cover is looked for although this one holds."""
        return bool(
            self.row.get("settled") != self.wanted.settled
            or self.contradicted
            or self.row.get("ask_again")
            or self.row["source"] in LAST_RESORTS
        )


def covers_before(table: pd.DataFrame | None, sites: str) -> dict[tuple[str, str], Row]:
    """Return columns of earlier covers by artist and album; none of another world or layout."""
    if table is None or not NEEDED.issubset(table.columns):
        return {}
    rows = table[table["hash"].notna() & (table["sites"] == sites)].drop_duplicates(
        ["artist", "album"]
    )
    return {
        (row["artist"], row["album"]): {
            str(name): None if pd.isna(value) or name == "kept_because" else value
            for name, value in row.items()
        }
        for row in rows.to_dict("records")
    }


def checked_again(session: SiteSession, store: Store, row: Row, breaker: CircuitBreaker) -> Row:
    """Return the columns of a cover after a conditional GET of its picture.

    Unchanged, the row has a new `checked_at`; changed, it is stored anew; where the site fails, it
    stays with the reason in `kept_because`. Raises `VanishedError` at HTTP 404 and 410.
    """
    address = session.live_address(row["image_address"])
    try:
        if refusal := session.robots_refusal(address):
            return {**row, "kept_because": f"{address}: {refusal}"}
        with breaker.guarded(urlsplit(address).hostname or ""):
            return _asked_again(session, store, row, address)
    except VanishedError:
        raise
    except UnreadablePictureError as error:
        return {**row, "kept_because": f"{address}: {error.reason}"}
    except SiteError as error:
        return {**row, "kept_because": str(error)}


def _asked_again(session: SiteSession, store: Store, row: Row, address: str) -> Row:
    source = SOURCE_NAMED.get(row["source"])
    headers = source.picture_headers(session) if source else {}
    validator = Validator(row.get("etag"), row.get("last_modified"))
    is_stored = store.holds_picture(row["hash"])
    answer = session.get(address, headers=headers, validator=validator if is_stored else None)
    if answer.status in (404, 410):
        raise VanishedError(f"{address} answers HTTP {answer.status}")
    now = datetime.now(UTC)
    fresh = {"checked_at": now, "kept_because": None, "gone_since": None}
    if answer.status == 304:
        return {**row, **fresh}
    picture = stored_picture(
        store, answer.require_ok().content, comment=f"kpop_assets {session.sites}"
    )
    return {
        **row,
        **picture,
        **fresh,
        "etag": answer.validator.etag,
        "last_modified": answer.validator.last_modified,
        "fetched_at": now,
    }
