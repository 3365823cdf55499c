"""A cover for each chart entry: from Melon, else from another source, else from before."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pandas as pd

from kpop_assets.artist_names import ByArtist, artist_key
from kpop_assets.errors import KpopAssetsError
from kpop_assets.harvest.cover_sources import (
    SOURCES,
    ChartAlbum,
    CoverSources,
    LeftAlone,
    Lookup,
    candidates_json,
)
from kpop_assets.harvest.covers_before import (
    CoverBefore,
    Row,
    VanishedError,
    checked_again,
    covers_before,
)
from kpop_assets.harvest.known_artists import known_artists
from kpop_assets.harvest.pictures import PICTURE_FIELDS
from kpop_assets.project import REFERENCE_FOLDER
from kpop_assets.sites.http.session import SiteSession
from kpop_assets.sites.matching.album_match import Wanted
from kpop_assets.sites.matching.settled_albums import SettledAlbums
from kpop_assets.sites.records import Note, ignored
from kpop_assets.sites.shops.found_covers import Source
from kpop_assets.store.artifacts import Store
from kpop_assets.text import comparable

PARALLEL_ALBUMS = 4
MOST_UNREACHABLE = 0.1
MOST_EMPTY = 0.5
FEWEST_EMPTY = 5
TEXTS = (
    "source", "image_address", "page_address", "album_id", "matched_artist", "matched_title",
    "match_reason", "note", "reason", "melon_reason", "candidates", "settled", "etag",
    "last_modified", "kept_because",
)  # fmt: skip
TIMES = ("fetched_at", "checked_at", "gone_since")
FOUND_FIELDS = (*PICTURE_FIELDS, *TEXTS, "exact", "score", "ask_again", *TIMES)
CONTENT = [
    "year", "rank", "artist", "album", "version", "artist_type",
    "hash", "source", "album_id", "exact", "gone",
]  # fmt: skip

Key = tuple[str, str]


class NoCoversError(KpopAssetsError):
    """Not one cover was found."""


class MelonUnreachableError(KpopAssetsError):
    """Melon failed for too many albums: what it gave must not replace an earlier table."""


def covers_of_entries(
    chart: pd.DataFrame,
    session: SiteSession,
    store: Store,
    log: Callable[[str], None],
    *,
    before: pd.DataFrame | None = None,
    settled: Mapping[Key, str] | None = None,
    look_up_again: bool = False,
    note: Note = ignored,
) -> pd.DataFrame:
    """Return the chart entries with `FOUND_FIELDS`, asking once per distinct artist and album.

    A cover of `before` is only asked whether it changed, unless `look_up_again`; it stays wherever
    nothing as good is found. Other sources are asked only once Melon has answered for all. `note`
    is told what of the sources' answers was left out, and why.

    Raises `MelonUnreachableError` when Melon fails for more than a tenth of the albums that have no
    cover from before, or finds nothing for more than half of them.
    """
    albums = chart_albums(chart, settled or {})
    left_alone = LeftAlone()
    sources = CoverSources(session, store, left_alone, note)
    rows_before = {
        album_key(*key): row for key, row in covers_before(before, session.sites).items()
    }
    earlier = {
        key: CoverBefore(rows_before[album_key(*key)], album)
        for key, album in albums.items()
        if album_key(*key) in rows_before
    }

    def checked(key: Key) -> CoverBefore:
        try:
            row = checked_again(session, store, earlier[key].row, left_alone)
        except VanishedError:
            since = earlier[key].row.get("gone_since") or datetime.now(UTC)
            row = {**earlier[key].row, "gone_since": since, "kept_because": None}
        return CoverBefore(row, albums[key])

    with ThreadPoolExecutor(PARALLEL_ALBUMS) as pool:
        if earlier and not look_up_again:
            earlier = dict(zip(earlier, pool.map(checked, list(earlier)), strict=True))
            log(f"{len(earlier)} covers from before checked")
        asked = [
            key
            for key in albums
            if look_up_again
            or key not in earlier
            or earlier[key].is_to_be_improved
            or earlier[key].row.get("gone_since")
        ]
        at_melon: dict[Key, Lookup] = {}
        for key, lookup in zip(
            asked, pool.map(lambda key: sources.melon(albums[key]), asked), strict=True
        ):
            at_melon[key] = lookup
            if len(at_melon) % 25 == 0 or len(at_melon) == len(asked):
                log(f"Melon asked for {len(at_melon)} of {len(asked)} albums")
        _refuse_outage(len(albums), {k: v for k, v in at_melon.items() if k not in earlier})
        rows = pool.map(
            lambda key: _looked_up(sources, albums[key], at_melon[key], earlier.get(key)), asked
        )
        found = {key: cover.row for key, cover in earlier.items()}
        found |= dict(zip(asked, rows, strict=True))
    return _table(chart, found)


def album_key(artist: str, album: str) -> Key:
    """Return the form in which artist and title of an album are compared."""
    return artist_key(artist), comparable(album)


def chart_albums(chart: pd.DataFrame, settled: Mapping[Key, str]) -> dict[Key, ChartAlbum]:
    """Return the distinct albums of the chart, each with its first year and other artist names.

    An album that is printed in several ways is one, under artist and title of its first entry.
    """
    aliases, settled_albums = ByArtist(artist_aliases()), SettledAlbums(settled)
    albums: dict[Key, ChartAlbum] = {}
    for row in chart.sort_values(["year", "rank"]).to_dict("records"):
        artist, title = row["artist"], row["album"]
        thumbnail = row.get("thumbnail_address")
        if album_key(artist, title) not in albums:
            albums[album_key(artist, title)] = ChartAlbum(
                Wanted(artist, title, int(row["year"]), aliases.get(artist) or ()),
                None if pd.isna(thumbnail) else str(thumbnail),
                settled_albums.album_id(artist, title),
            )
    return {(album.wanted.artist, album.wanted.title): album for album in albums.values()}


def artist_aliases() -> dict[str, tuple[str, ...]]:
    """Return other spellings of the artists in artist_types.csv, by the chart's spelling.

    Lines that spell one artist in several ways share theirs. Raises `ArtistTypesError`.
    """
    artists = known_artists(REFERENCE_FOLDER / "artist_types.csv")
    latin: dict[str, dict[str, None]] = {}
    for each in artists:
        if each.latin:
            latin.setdefault(artist_key(each.artist), {})[each.latin] = None
    return {
        each.artist: tuple(latin[key])
        for each in artists
        if (key := artist_key(each.artist)) in latin
    }


def _refuse_outage(albums: int, at_melon: Mapping[Key, Lookup]) -> None:
    failed = [lookup.reason for lookup in at_melon.values() if lookup.failed]
    empty = sum(lookup.empty for lookup in at_melon.values())
    if len(failed) > MOST_UNREACHABLE * albums:
        raise MelonUnreachableError(
            f"expected answers from Melon for {albums} albums, but {len(failed)} failed, the "
            f"first with: {failed[0]}; the previous covers stay, try again later"
        )
    if empty >= FEWEST_EMPTY and empty > MOST_EMPTY * len(at_melon):
        raise MelonUnreachableError(
            f"expected albums from Melon's search, but {empty} of {len(at_melon)} searches found "
            "nothing; the previous covers stay, try again later"
        )


def _looked_up(
    sources: CoverSources, album: ChartAlbum, at_melon: Lookup, before: CoverBefore | None
) -> Row:
    """The columns of one album once Melon was asked: of Melon, another source, or from before."""
    fields: Row = {"settled": album.settled, "ask_again": at_melon.failed}
    if at_melon.cover:
        return {**fields, **at_melon.cover}
    kept = before if before and (at_melon.failed or not before.contradicted) else None
    others = sources.fallbacks(album, _worth_asking(kept))
    known = before.row.get("candidates") if before and at_melon.failed else None
    fields["candidates"] = candidates_json(at_melon.candidates) or known
    fields["ask_again"] = at_melon.failed or any(lookup.failed for _, lookup in others)
    if others and (cover := others[-1][1].cover):
        return {**fields, **cover, "melon_reason": at_melon.reason}
    reason = "; ".join(
        f"{source}: {lookup.reason}" for source, lookup in [("melon", at_melon), *others]
    )
    if kept is None:
        return {**fields, "reason": reason}
    fields["settled"] = kept.row.get("settled") if at_melon.failed else album.settled
    because = kept.row.get("kept_because") or ("" if kept.row.get("gone_since") else reason)
    return {**kept.row, **fields, "kept_because": because or None}


def _worth_asking(kept: CoverBefore | None) -> tuple[Source, ...]:
    """The sources whose cover would be better than the one that is kept otherwise.

    In place of a picture that vanished any shop's will do, but no thumbnail.
    """
    if kept is None:
        return SOURCES
    if kept.row.get("gone_since"):
        return SOURCES[: SOURCES.index("circle")]
    return SOURCES[: SOURCES.index(kept.row["source"]) + 1]


def _table(chart: pd.DataFrame, found: Mapping[Key, Row]) -> pd.DataFrame:
    by_key = {album_key(*key): row for key, row in found.items()}
    rows = [by_key[album_key(*key)] for key in zip(chart["artist"], chart["album"], strict=True)]
    columns = pd.DataFrame(
        [{name: row.get(name) for name in FOUND_FIELDS} for row in rows],
        columns=list(FOUND_FIELDS),
    )
    entries = chart[["year", "rank", "artist", "album", "version", "artist_type"]]
    table = pd.concat([entries.reset_index(drop=True), columns], axis=1)
    for name in TIMES:
        table[name] = pd.to_datetime(table[name], utc=True).astype("datetime64[us, UTC]")
    return table.astype(
        {
            **dict.fromkeys(("width", "height", "bytes"), "Int64"),
            **dict.fromkeys(TEXTS, "string"),
            **dict.fromkeys(("exact", "ask_again"), "boolean"),
            "score": "Float64",
        }
    )
