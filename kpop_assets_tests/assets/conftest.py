"""The lineage on a sample site that the test holds, so that faults can be asked of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import pytest

from kpop_assets.definitions import definitions
from kpop_assets.settings import REFERENCE_FOLDER, Settings
from kpop_assets.site_resource import SiteResource
from kpop_assets.sites.sample.server import SampleSite
from kpop_assets.sites.session import SiteSession
from kpop_assets.sites.transport import Limits

QUICK = Limits(
    connect_s=1,
    read_s=0.6,
    total_s=1.5,
    max_bytes=2_000_000,
    retries=3,
    backoff_s=0.01,
    retry_after_max_s=0.01,
)


class RunningSite(SiteResource):
    """Sessions with a sample site that runs already, with little patience if it has faults."""

    address: str
    patient: bool = False

    @contextmanager
    def session(self) -> Iterator[SiteSession]:
        yield SiteSession.sample(self.address, Limits() if self.patient else QUICK)


@pytest.fixture(scope="module")
def running_site() -> Iterator[SampleSite]:
    with SampleSite(REFERENCE_FOLDER) as site:
        yield site


@pytest.fixture
def materialize_at(
    running_site: SampleSite, tmp_path: Path, instance: dg.DagsterInstance
) -> Iterator[Callable[..., dg.ExecuteInProcessResult]]:
    """Materializes source assets from `running_site` into `tmp_path`; ends without faults."""
    lineage = definitions(Settings(sites="sample", covers_dir=None, store=tmp_path))

    def materialize(*selection: str, **config: dg.Config) -> dg.ExecuteInProcessResult:
        sites = RunningSite(
            sites="sample", address=running_site.address, patient=not running_site.faults
        )
        return dg.materialize(
            [*(lineage.assets or []), *(lineage.asset_checks or [])],
            selection=dg.AssetSelection.assets(*selection),
            resources={**(lineage.resources or {}), "sites": sites},
            instance=instance,
            run_config=dg.RunConfig(ops=dict(config)),
            raise_on_error=False,
        )

    running_site.faults.clear()
    yield materialize
    running_site.faults.clear()
