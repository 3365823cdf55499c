"""A source that is down is asked again, later and later; what refuses us is not.

Dagster's retry policy on an asset would try everything again: a refusal, a page that has changed,
even a run that was cancelled.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from kpop_assets.defs.site_resource import SiteResource
from kpop_assets.errors import KpopAssetsError


@contextmanager
def asked_again(context: dg.AssetExecutionContext, sites: SiteResource) -> Iterator[None]:
    """Ask sources in this block; a trouble that may pass starts the step again, as `sites` says.

    Raises dg.RetryRequested in its place, which Dagster shows with its cause.
    """
    try:
        yield
    except KpopAssetsError as error:
        if not error.may_pass or context.retry_number >= sites.retries:
            raise
        policy = dg.RetryPolicy(
            delay=sites.first_wait_s,
            backoff=dg.Backoff.EXPONENTIAL,
            jitter=dg.Jitter.PLUS_MINUS,
        )
        wait = policy.calculate_delay(context.retry_number + 1)
        context.log.warning(f"asked again in {wait:.0f} s: {error}")
        raise dg.RetryRequested(sites.retries, wait) from error
