from collections.abc import Iterator
from pathlib import Path

import pytest

from kpop_assets.sample_world.server import SampleSite
from kpop_assets.sites.http.session import SiteSession

REFERENCE_FOLDER = Path(__file__).parents[2] / "data" / "reference"


@pytest.fixture(scope="session")
def reference_folder() -> Path:
    return REFERENCE_FOLDER


@pytest.fixture(scope="session")
def site() -> Iterator[SampleSite]:
    with SampleSite(REFERENCE_FOLDER) as running:
        yield running


@pytest.fixture
def session(site: SampleSite) -> SiteSession:
    return SiteSession.sample(site.address)
