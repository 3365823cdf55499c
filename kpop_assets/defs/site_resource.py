"""The way to the sites as a Dagster resource; in the sample world it runs the sample site."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import dagster as dg

from kpop_assets.project import REFERENCE_FOLDER
from kpop_assets.sites.http.manners import Manners
from kpop_assets.sites.http.session import SiteSession

DEFAULT = Manners()


class SiteResource(dg.ConfigurableResource):
    """Opens a session with the live sites, or with a sample site that lives as long as it.

    A source that is down is asked again `retries` times, after `first_wait_s` seconds and twice as
    many each time. The fields after it are those of `Manners`.
    """

    sites: str
    retries: int = 0
    first_wait_s: float = 60.0
    user_agent: str = DEFAULT.user_agent
    browser_user_agent: str = DEFAULT.browser_user_agent
    pause_s: float = DEFAULT.pause_s
    parallel_per_host: int = DEFAULT.parallel_per_host
    honour_robots: bool = DEFAULT.honour_robots

    def now(self) -> datetime:
        """Return what time it is."""
        return datetime.now(UTC)

    @contextmanager
    def session(self) -> Iterator[SiteSession]:
        """Give a session with the sites of this world."""
        manners = Manners(
            user_agent=self.user_agent,
            browser_user_agent=self.browser_user_agent,
            pause_s=self.pause_s,
            parallel_per_host=self.parallel_per_host,
            honour_robots=self.honour_robots,
        )
        if self.sites == "live":
            yield SiteSession.live(manners)
        else:
            from kpop_assets.sample_world.server import SampleSite

            with SampleSite(REFERENCE_FOLDER) as site:
                yield SiteSession.sample(site.address, manners=manners)
