"""A cover for each chart entry."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pandas as pd

from kpop_assets.assets.pictures import PICTURE_FIELDS, stored_picture
from kpop_assets.covers.decode import UnreadablePictureError
from kpop_assets.errors import KpopAssetsError
from kpop_assets.settings import REFERENCE_FOLDER
from kpop_assets.sites.melon import CoverNotFoundError, find_cover
from kpop_assets.sites.session import SiteSession, SiteUnreachableError
from kpop_assets.store import Store

PARALLEL_ALBUMS = 4
MOST_UNREACHABLE = 0.1
FOUND_FIELDS = (
    *PICTURE_FIELDS,
    "image_address",
    "page_address",
    "matched_artist",
    "matched_title",
    "exact",
    "reason",
    "fetched_at",
)
CONTENT = ["year", "rank", "artist", "album", "version", "artist_type", "hash", "exact", "reason"]


class NoCoversError(KpopAssetsError):
    """Not one cover was found."""


class MelonUnreachableError(KpopAssetsError):
    """Melon failed for too many albums: what it gave must not replace an earlier table."""


def covers_of_entries(
    chart: pd.DataFrame, session: SiteSession, store: Store, log: Callable[[str], None]
) -> pd.DataFrame:
    """Return the chart entries with `FOUND_FIELDS`, asking once per distinct artist and album.

    Raises `MelonUnreachableError` when pages fail for more than a tenth of the albums.
    """
    aliases = artist_aliases()
    albums: list[tuple[str, str]] = list(
        dict.fromkeys(zip(chart["artist"], chart["album"], strict=True))
    )
    found: dict[tuple[str, str], dict[str, object]] = {}
    with ThreadPoolExecutor(PARALLEL_ALBUMS) as pool:
        results = pool.map(
            lambda entry: _found_cover(session, store, entry, aliases.get(entry[0], ())), albums
        )
        for count, (album, fields) in enumerate(zip(albums, results, strict=True), start=1):
            found[album] = fields
            if count % 25 == 0 or count == len(albums):
                log(f"covers looked up for {count} of {len(albums)} albums")
    failed = [str(fields["reason"]) for fields in found.values() if fields.get("unreachable")]
    if len(failed) > MOST_UNREACHABLE * len(albums):
        raise MelonUnreachableError(
            f"expected answers from Melon for {len(albums)} albums, but {len(failed)} failed, the "
            f"first with: {failed[0]}; the previous covers stay, try again later"
        )
    rows = [
        {**dict.fromkeys(FOUND_FIELDS), **found[album]}
        for album in zip(chart["artist"], chart["album"], strict=True)
    ]
    entries = chart[["year", "rank", "artist", "album", "version", "artist_type"]]
    table = pd.concat(
        [entries.reset_index(drop=True), pd.DataFrame(rows, columns=list(FOUND_FIELDS))], axis=1
    )
    return table.astype({"width": "Int64", "height": "Int64", "bytes": "Int64", "exact": "boolean"})


def artist_aliases() -> dict[str, tuple[str, ...]]:
    """Return other spellings of the artists in artist_types.csv, by the chart's spelling."""
    types = pd.read_csv(REFERENCE_FOLDER / "artist_types.csv")
    spellings = zip(types["artist"], types["artist_latin"], strict=True)
    return {artist: (latin,) for artist, latin in spellings}


def _found_cover(
    session: SiteSession, store: Store, entry: tuple[str, str], aliases: Sequence[str]
) -> dict[str, object]:
    artist, album = entry
    try:
        cover = find_cover(session, artist, album, artist_aliases=aliases)
        picture = stored_picture(store, cover.content, comment=f"kpop_assets {session.sites}")
    except CoverNotFoundError as error:
        return {"reason": str(error)}
    except SiteUnreachableError as error:
        return {"reason": str(error), "unreachable": True}
    except UnreadablePictureError as error:
        return {"reason": error.reason}
    return {
        **picture,
        "image_address": cover.image_address,
        "page_address": cover.page_address,
        "matched_artist": cover.matched_artist,
        "matched_title": cover.matched_title,
        "exact": cover.exact,
        "fetched_at": datetime.now(UTC),
    }
