"""The way to the sites as a Dagster resource; in the sample world it runs the sample site."""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from kpop_assets.settings import REFERENCE_FOLDER
from kpop_assets.sites.session import SiteSession


class SiteResource(dg.ConfigurableResource):
    """Opens a session with the live sites, or with a sample site that lives as long as it."""

    sites: str

    @contextmanager
    def session(self) -> Iterator[SiteSession]:
        """Give a session with the sites of this world."""
        if self.sites == "live":
            yield SiteSession.live()
        else:
            from kpop_assets.sites.sample.server import SampleSite

            with SampleSite(REFERENCE_FOLDER) as site:
                yield SiteSession.sample(site.address)
