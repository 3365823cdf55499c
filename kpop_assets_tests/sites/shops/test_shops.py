"""Covers from iTunes, Deezer, the Cover Art Archive and the chart's thumbnail."""

import json
import re
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from kpop_assets.sample_world.answers import JSON, NOT_FOUND, Answer
from kpop_assets.sample_world.faults import Fault
from kpop_assets.sites.http.manners import Manners
from kpop_assets.sites.http.session import SiteSession, SiteUnreachableError
from kpop_assets.sites.matching.album_match import Wanted
from kpop_assets.sites.shops.circle_thumbnail import CircleThumbnail
from kpop_assets.sites.shops.cover_art_archive import CoverArtArchive
from kpop_assets.sites.shops.deezer import QUOTA_TRIES, Deezer, DeezerQuotaError
from kpop_assets.sites.shops.found_covers import CoverNotFoundError, NoSearchResultError
from kpop_assets.sites.shops.itunes import Itunes

SHOPS = itunes, deezer, cover_art_archive = (Itunes(), Deezer(0.0), CoverArtArchive())
X1 = Wanted("엑스원", "비상 : QUANTUM LEAP", 2019, ("X1",))
CHO = Wanted("조용필", "19집 Hello", 2013, ("Cho Yong-pil",))
JYJ = Wanted("JYJ", "JUST US", 2014, ("JYJ",))


def test_an_album_whose_picture_has_no_address_costs_no_other(site, session, monkeypatch):
    right = site._hosts["itunes.apple.com"]

    def with_a_broken_link_first(request):
        answer = json.loads(right(request).body)
        [album] = answer["results"]
        answer["results"] = [{**album, "artworkUrl100": "javascript:alert(1)"}, album]
        return Answer(json.dumps(answer).encode(), JSON)

    monkeypatch.setitem(site._hosts, "itunes.apple.com", with_a_broken_link_first)
    cover = itunes.find_cover(session, X1)
    assert cover.source == "itunes"
    assert "javascript:alert(1)" in str(cover.note)


@pytest.mark.parametrize(
    ("shop", "wanted", "source", "address"),
    [
        (itunes, X1, "itunes", "sample://is1-ssl.mzstatic.com/.*/1000x1000bb.jpg"),
        (deezer, CHO, "deezer", "sample://cdn-images.dzcdn.net/images/cover/.*/1000x1000-"),
        (cover_art_archive, JYJ, "cover_art_archive", "sample://coverartarchive.org/.*/front-1200"),
    ],
)
def test_each_shop_has_the_cover_of_one_album_that_melon_lacks(
    session, shop, wanted, source, address
):
    cover = shop.find_cover(session, wanted)
    assert cover.source == source
    assert cover.match.good_enough
    assert re.match(address, cover.image_address)
    assert Image.open(BytesIO(cover.content)).size == (800, 800)
    assert cover.validator.etag
    again = session.get(session.live_address(cover.image_address), validator=cover.validator)
    assert (again.status, again.content) == (304, b"")


@pytest.mark.parametrize(("shop", "wanted"), [(itunes, JYJ), (deezer, JYJ)])
def test_another_album_of_the_artist_is_not_taken(session, shop, wanted):
    with pytest.raises(CoverNotFoundError, match="1 result, none close enough"):
        shop.find_cover(session, wanted)


@pytest.mark.parametrize("shop", SHOPS)
def test_a_shop_without_the_artist_says_so(session, shop):
    with pytest.raises(NoSearchResultError, match=r"^no search result$"):
        shop.find_cover(session, Wanted('Nobody "known" \\ here', "Nothing"))


def test_itunes_is_asked_for_600_px_where_it_has_no_1000(site, session, monkeypatch):
    right = site._hosts["is1-ssl.mzstatic.com"]
    monkeypatch.setitem(
        site._hosts,
        "is1-ssl.mzstatic.com",
        lambda request: NOT_FOUND if "1000x1000" in request.path else right(request),
    )
    cover = itunes.find_cover(session, X1)
    assert cover.image_address.endswith("/600x600bb.jpg")
    assert Image.open(BytesIO(cover.content)).size == (600, 600)


def over_quota(site, monkeypatch, times: int) -> list[int]:
    right, refused = site._hosts["api.deezer.com"], []

    def answer(request):
        if len(refused) == times:
            return right(request)
        refused.append(1)
        body = {"error": {"type": "Exception", "message": "Quota limit exceeded", "code": 4}}
        return Answer(json.dumps(body).encode(), JSON)

    monkeypatch.setitem(site._hosts, "api.deezer.com", answer)
    return refused


def test_deezer_over_its_quota_is_asked_again_a_few_times(site, session, monkeypatch):
    refused = over_quota(site, monkeypatch, times=2)
    assert deezer.find_cover(session, CHO).source == "deezer"
    assert len(refused) == 2


def test_deezer_over_its_quota_for_long_is_named(site, session, monkeypatch):
    refused = over_quota(site, monkeypatch, times=100)
    with pytest.raises(DeezerQuotaError, match="quota is used up"):
        deezer.find_cover(session, CHO)
    assert len(refused) == QUOTA_TRIES


def test_musicbrainz_refuses_a_browser_and_knows_this_program(session):
    address = cover_art_archive.search_address
    params = {"query": 'artist:"JYJ"', "fmt": "json"}
    as_browser = session.get(address, params=params, headers=session.browser_headers)
    assert as_browser.status == 403
    assert session.get(address, params=params).status == 200


def test_a_release_group_without_a_front_cover_is_not_found(site, session, monkeypatch):
    monkeypatch.setitem(site._hosts, "coverartarchive.org", lambda _request: NOT_FOUND)
    with pytest.raises(CoverNotFoundError, match="HTTP 404"):
        cover_art_archive.find_cover(session, JYJ)


def test_documented_rates_are_kept():
    assert itunes.pause_s >= 60 / 20
    assert deezer.pause_s >= 5 / 50
    assert cover_art_archive.pause_s >= 1.0


def test_the_thumbnail_is_fetched_from_its_live_or_recorded_address(site, session):
    album = site.albums[0]
    path = f"circlechart.kr/uploadDir/aoaAlbumImg/thumb/{album.year}/{album.album_id}.jpg"
    for scheme in ("https", "sample"):
        cover = CircleThumbnail().find_cover(session, replace(JYJ, thumbnail=f"{scheme}://{path}"))
        assert cover.image_address == f"sample://{path}"
        assert Image.open(BytesIO(cover.content)).size == (120, 120)
    with pytest.raises(CoverNotFoundError, match="names no thumbnail"):
        CircleThumbnail().find_cover(session, JYJ)


def test_a_shop_that_is_down_is_unreachable(site, session):
    site.faults.append(Fault("itunes.apple.com", "404"))
    try:
        with pytest.raises(SiteUnreachableError, match="HTTP 200, but 404 came"):
            itunes.find_cover(session, X1)
    finally:
        site.faults.clear()


def test_robots_txt_of_a_picture_host_is_honoured_and_a_refusal_is_no_missing_cover(site):
    site.robots["is1-ssl.mzstatic.com"] = "User-agent: *\nDisallow: /image/"
    try:
        with pytest.raises(
            SiteUnreachableError, match=r"robots\.txt of is1-ssl\.mzstatic\.com says no"
        ):
            itunes.find_cover(SiteSession.sample(site.address), X1)
        unbound = SiteSession.sample(site.address, manners=Manners(honour_robots=False))
        assert itunes.find_cover(unbound, X1).source == "itunes"
    finally:
        site.robots.clear()
