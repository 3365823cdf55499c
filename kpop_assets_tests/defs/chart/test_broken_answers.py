"""Shops that answer with a broken record among good ones: none is given up for it."""

import json
from pathlib import Path

import pytest

from kpop_assets.defs.chart.gaon_year_end_top10 import ChartConfig
from kpop_assets.harvest.circuit_breaker import FAILURES_UNTIL_OPEN, CircuitBreaker
from kpop_assets.harvest.cover_sources import CoverLookup
from kpop_assets.sample_world.answers import HTML, JSON, Answer
from kpop_assets.sample_world.server import SampleSite
from kpop_assets.sites.http.session import SiteSession
from kpop_assets.sites.matching.album_match import Wanted
from kpop_assets.sites.shops.sources import SOURCE_NAMED
from kpop_assets.store.artifacts import Store
from kpop_assets_tests.conftest import metadata
from kpop_assets_tests.defs.chart.test_chart import Materialize

SHOPS = {
    "itunes": (
        "itunes.apple.com",
        "results",
        Wanted("엑스원", "비상 : QUANTUM LEAP", 2019, ("X1",)),
    ),
    "deezer": ("api.deezer.com", "data", Wanted("조용필", "19집 Hello", 2013, ("Cho Yong-pil",))),
    "cover_art_archive": ("musicbrainz.org", "release-groups", Wanted("JYJ", "JUST US", 2014)),
}


def with_a_broken_record_first(site: SampleSite, monkeypatch, host: str, key: str) -> None:
    right = site._hosts[host]

    def answer(request) -> Answer:
        came = json.loads(right(request).body)
        nameless = [{**record, "title": None, "collectionName": 7} for record in came[key]]
        came[key] = nameless + came[key]
        return Answer(json.dumps(came).encode(), JSON)

    monkeypatch.setitem(site._hosts, host, answer)


@pytest.mark.parametrize("source", list(SHOPS))
def test_a_shop_whose_answers_have_a_broken_record_each_is_asked_on(
    site: SampleSite, monkeypatch, tmp_path: Path, source
) -> None:
    host, key, wanted = SHOPS[source]
    with_a_broken_record_first(site, monkeypatch, host, key)
    notes: list[str] = []
    session = SiteSession.sample(site.address)
    look = CoverLookup(session, Store(tmp_path), CircuitBreaker(), notes.append)
    for _ in range(FAILURES_UNTIL_OPEN + 1):
        lookup = look.at(SOURCE_NAMED[source], wanted)
        assert lookup.cover, lookup.error
    assert len(notes) == FAILURES_UNTIL_OPEN + 1
    assert all("1 of 2 records were left out" in note for note in notes)


def test_what_was_left_out_of_the_answers_is_in_the_metadata_of_the_covers(
    materialize_at: Materialize, site: SampleSite, monkeypatch
) -> None:
    right = site._melon

    def melon(request) -> Answer:
        answer = right(request)
        body = answer.body.replace(b"<li class=", b"<li>advertisement</li><li class=", 1)
        return Answer(body, HTML) if request.path.startswith("/search/") else answer

    monkeypatch.setitem(site._hosts, "www.melon.com", melon)
    config = ChartConfig(first_year=2015, last_year=2015)
    result = materialize_at("gaon_year_end_top10", "melon_covers", gaon_year_end_top10=config)
    assert result.success
    said = metadata(result, "melon_covers")
    assert said["entries_without_cover"] == 0
    assert said["answers_with_records_left_out"] >= 5
    assert "goAlbumDetail" in str(said["left_out_of_answers"])
