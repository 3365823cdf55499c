"""A cover for each chart entry: from the best source that has one, else from before."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pandas as pd

from kpop_assets.artist_names import ByArtist, artist_key
from kpop_assets.errors import KpopAssetsError
from kpop_assets.harvest.circuit_breaker import CircuitBreaker
from kpop_assets.harvest.cover_sources import CoverLookup, Lookup, candidates_json, reasons
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
from kpop_assets.sites.shops.cover_source import CoverSource
from kpop_assets.sites.shops.sources import LAST_RESORTS, SOURCES
from kpop_assets.store.artifacts import Store
from kpop_assets.text import comparable

PARALLEL_ALBUMS = 4
MOST_UNREACHABLE = 0.1
MOST_EMPTY = 0.5
FEWEST_EMPTY = 5
TEXTS = (
    "source", "image_address", "page_address", "album_id", "matched_artist", "matched_title",
    "match_reason", "note", "reason", "passed_over", "candidates", "settled", "etag",
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


class SourceOutageError(KpopAssetsError):
    """The first source failed for too many albums: its answers must not replace an earlier table.

    `source` is its name.
    """

    def __init__(self, source: CoverSource, what: str, *, may_pass: bool = False) -> None:
        super().__init__(
            f"expected {source.title} {what}; the previous covers stay, try again later"
        )
        self.source = source.name
        self.may_pass = may_pass


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
    nothing as good is found. The first source is asked for all albums before any other. `note` is
    called with what of the sources' answers was left out, and why.

    Raises `SourceOutageError` when the first source fails for more than a tenth of the albums that
    have no cover from before, or finds nothing for more than half of them.
    """
    albums = chart_albums(chart, settled or {})
    breaker = CircuitBreaker()
    look = CoverLookup(session, store, breaker, note)
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
            row = checked_again(session, store, earlier[key].row, breaker)
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
        at_first: dict[Key, Lookup] = {}
        lookups = pool.map(lambda key: look.at(SOURCES[0], albums[key]), asked)
        for key, lookup in zip(asked, lookups, strict=True):
            at_first[key] = lookup
            if len(at_first) % 25 == 0 or len(at_first) == len(asked):
                log(f"{SOURCES[0].title} asked for {len(at_first)} of {len(asked)} albums")
        _refuse_outage(len(albums), [each for key, each in at_first.items() if key not in earlier])
        rows = pool.map(
            lambda key: _looked_up(look, albums[key], at_first[key], earlier.get(key)), asked
        )
        found = {key: cover.row for key, cover in earlier.items()}
        found |= dict(zip(asked, rows, strict=True))
    return _table(chart, found)


def album_key(artist: str, album: str) -> Key:
    """Return the form in which artist and title of an album are compared."""
    return artist_key(artist), comparable(album)


def chart_albums(chart: pd.DataFrame, settled: Mapping[Key, str]) -> dict[Key, Wanted]:
    """Return the distinct albums of the chart, each with its first year and other artist names.

    An album that is printed in several ways is one, under artist and title of its first entry.
    """
    aliases, settled_albums = ByArtist(artist_aliases()), SettledAlbums(settled)
    albums: dict[Key, Wanted] = {}
    for row in chart.sort_values(["year", "rank"]).to_dict("records"):
        artist, title = row["artist"], row["album"]
        thumbnail = row.get("thumbnail_address")
        if album_key(artist, title) not in albums:
            albums[album_key(artist, title)] = Wanted(
                artist,
                title,
                int(row["year"]),
                aliases.get(artist) or (),
                None if pd.isna(thumbnail) else str(thumbnail),
                settled_albums.album_id(artist, title),
            )
    return {(album.artist, album.title): album for album in albums.values()}


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


def _refuse_outage(albums: int, lookups: Sequence[Lookup]) -> None:
    failed = [lookup for lookup in lookups if lookup.failed]
    empty = sum(lookup.empty for lookup in lookups)
    if len(failed) > MOST_UNREACHABLE * albums:
        raise SourceOutageError(
            failed[0].source,
            f"to answer for {albums} albums, but {len(failed)} failed, the first with: "
            f"{failed[0].error}",
            may_pass=failed[0].error is not None and failed[0].error.may_pass,
        )
    if empty >= FEWEST_EMPTY and empty > MOST_EMPTY * len(lookups):
        raise SourceOutageError(
            lookups[0].source,
            f"to find albums, but {empty} of {len(lookups)} searches found nothing",
        )


def _looked_up(
    look: CoverLookup, wanted: Wanted, at_first: Lookup, before: CoverBefore | None
) -> Row:
    """The columns of one album once the first source was asked: of it, another, or from before."""
    fields: Row = {"settled": wanted.settled, "ask_again": at_first.failed}
    if at_first.cover:
        return {**fields, **at_first.cover}
    kept = before if before and (at_first.failed or not before.contradicted) else None
    lookups = [at_first, *look.first_of(_worth_asking(kept)[1:], wanted)]
    known = before.row.get("candidates") if before and at_first.failed else None
    fields["candidates"] = candidates_json(at_first.candidates) or known
    fields["ask_again"] = any(lookup.failed for lookup in lookups)
    if cover := lookups[-1].cover:
        return {**fields, **cover, "passed_over": reasons(lookups)}
    if kept is None:
        return {**fields, "reason": reasons(lookups)}
    fields["settled"] = kept.row.get("settled") if at_first.failed else wanted.settled
    because = kept.row.get("kept_because")
    if not because and not kept.row.get("gone_since"):
        because = reasons(lookups)
    return {**kept.row, **fields, "kept_because": because}


def _worth_asking(kept: CoverBefore | None) -> tuple[CoverSource, ...]:
    """The sources whose cover would be better than the one that is kept otherwise.

    In place of a picture that vanished any other will do, but no last resort.
    """
    if kept and kept.row.get("gone_since"):
        return tuple(source for source in SOURCES if source.name not in LAST_RESORTS)
    names = [source.name for source in SOURCES]
    if kept and kept.row["source"] in names:
        return SOURCES[: names.index(kept.row["source"]) + 1]
    return SOURCES


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
