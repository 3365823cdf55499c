"""Which assets ask the same site or train: a team limits how many of them run at a time.

Without limits, as on a laptop, a pool changes nothing. `dagster instance concurrency set` sets one.
"""

from contextlib import suppress

import dagster as dg

CHART_SITE = "chart_site"
SHOPS = "shops"
IMAGE_SEARCH = "image_search"
TRAINING = "training"
"""Its steps ask a cluster for what a training needs, the others for one core."""


def make_pools(instance: dg.DagsterInstance) -> None:
    """Give the pools that are new the limit that the instance has for all.

    Dagster 1.13 does so when a step first asks for a place. Of two runs that do it at once one
    fails on PostgreSQL, whose transaction is over with the row that the other has inserted.
    """
    if instance.global_op_concurrency_default_limit is None:
        return
    from sqlalchemy.exc import InternalError

    events = instance.event_log_storage
    for pool in {CHART_SITE, SHOPS, IMAGE_SEARCH, TRAINING} - events.get_concurrency_keys():
        with suppress(InternalError):
            events.initialize_concurrency_limit_to_default(pool)
