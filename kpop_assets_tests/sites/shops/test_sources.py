"""The ordered tuple of cover sources, and what follows from it."""

from pathlib import Path

import pytest

from kpop_assets.defs.chart.melon_covers import melon_covers
from kpop_assets.harvest.circuit_breaker import (
    FAILURES_UNTIL_OPEN,
    CircuitBreaker,
    CircuitOpenError,
)
from kpop_assets.harvest.cover_sources import CoverLookup
from kpop_assets.sample_world.faults import Fault
from kpop_assets.sample_world.server import SampleSite
from kpop_assets.sites.http.session import SiteSession, SiteUnreachableError
from kpop_assets.sites.matching.album_match import Wanted
from kpop_assets.sites.shops.cover_source import CoverSource
from kpop_assets.sites.shops.found_covers import NoSearchResultError, SourceFailedError
from kpop_assets.sites.shops.sources import LAST_RESORTS, SOURCE_NAMED, SOURCES
from kpop_assets.store.artifacts import Store

X1 = Wanted("엑스원", "비상 : QUANTUM LEAP", 2019, ("X1",))
ITUNES = SOURCE_NAMED["itunes"]


@pytest.fixture
def look(session: SiteSession, tmp_path: Path) -> CoverLookup:
    return CoverLookup(session, Store(tmp_path), CircuitBreaker(), print)


def test_every_source_has_a_name_of_its_own_and_last_resorts_come_last():
    names = [source.name for source in SOURCES]
    assert sorted(SOURCE_NAMED) == sorted(names)
    assert names[-len(LAST_RESORTS) :] == LAST_RESORTS


def test_the_description_of_the_asset_names_the_sources_in_their_order():
    description = melon_covers.descriptions_by_key[melon_covers.key]
    assert ", ".join(source.title for source in SOURCES) in description


def test_a_source_that_fails_is_an_error_with_its_name_and_cause(
    site: SampleSite, look: CoverLookup
):
    site.faults.append(Fault("itunes.apple.com", "404"))
    try:
        lookups = [look.at(ITUNES, X1) for _ in range(FAILURES_UNTIL_OPEN + 1)]
    finally:
        site.faults.clear()
    assert all(lookup.failed for lookup in lookups)
    for lookup, cause in ((lookups[0], SiteUnreachableError), (lookups[-1], CircuitOpenError)):
        assert isinstance(lookup.error, SourceFailedError)
        assert lookup.error.source == "itunes"
        assert isinstance(lookup.error.__cause__, cause)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_the_sample_world_answers_every_source(look: CoverLookup, source: CoverSource):
    lookup = look.at(source, X1)
    assert not lookup.failed, lookup.error


def test_an_empty_search_is_no_failure(look: CoverLookup):
    lookup = look.at(ITUNES, Wanted("Nobody", "Nothing"))
    assert isinstance(lookup.error, NoSearchResultError)
    assert (lookup.empty, lookup.failed) == (True, False)
