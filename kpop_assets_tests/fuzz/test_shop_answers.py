"""Answers of iTunes, Deezer and MusicBrainz, damaged: named errors, or albums within bounds."""

import json
from contextlib import suppress

from hypothesis import given

from kpop_assets.sites.errors import SiteError
from kpop_assets.sites.matching.album_match import Candidate, Wanted, match
from kpop_assets.sites.shops.cover_art_archive import CoverArtArchive
from kpop_assets.sites.shops.deezer import Deezer
from kpop_assets.sites.shops.found_covers import MOST_RESULTS
from kpop_assets.sites.shops.itunes import Itunes
from kpop_assets_tests.fuzz.bounds import require_address, require_name, require_sentences
from kpop_assets_tests.fuzz.mutations import damaged
from kpop_assets_tests.sites.shops.shop_records import DEEZER_ALBUM, GROUP, ITUNES_ALBUM


def samples(key: str, album: dict[str, object]) -> list[bytes]:
    answer = {key: [album, album]}
    return [
        json.dumps(answer).encode(),
        json.dumps(answer, ensure_ascii=False).encode(),
        json.dumps(answer, ensure_ascii=False).encode("utf-16"),
    ]


def require_bounds(albums: list[Candidate], notes: list[str]) -> None:
    assert len(albums) <= MOST_RESULTS
    for album in albums:
        for name in (album.album_id, album.artist, album.title):
            require_name(name)
        assert album.year is None or 1900 <= album.year <= 2100
        require_address(album.picture)
        match(Wanted("X1", "비상", 2019), album)
    require_sentences(notes)


@given(damaged(samples("results", {**ITUNES_ALBUM, "artistName": "엑스원 & X1"})))
def test_a_damaged_answer_of_itunes(content: bytes) -> None:
    notes: list[str] = []
    with suppress(SiteError):
        require_bounds(Itunes().parse_search_answer(content, "page", notes.append), notes)


@given(damaged(samples("data", {**DEEZER_ALBUM, "artist": {"name": "조용필"}})))
def test_a_damaged_answer_of_deezer(content: bytes) -> None:
    notes: list[str] = []
    with suppress(SiteError):
        require_bounds(Deezer().parse_search_answer(content, "page", notes.append), notes)


@given(damaged(samples("release-groups", GROUP)))
def test_a_damaged_answer_of_musicbrainz(content: bytes) -> None:
    notes: list[str] = []
    with suppress(SiteError):
        require_bounds(CoverArtArchive().parse_search_answer(content, "page", notes.append), notes)
