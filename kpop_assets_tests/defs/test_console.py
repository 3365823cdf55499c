"""What a run that fails says in the terminal."""

import logging

import dagster as dg
import pytest
from dagster._core.events import RunFailureReason
from dagster._utils.error import serializable_error_info_from_exc_info

from kpop_assets.defs.cluster.ray_executor import RayClusterError
from kpop_assets.defs.console import RunFormatter


def failed_with(raised: Exception) -> str:
    """Return the line of a run that an exception ended."""
    try:
        raise raised
    except Exception as error:
        what = serializable_error_info_from_exc_info((type(error), error, error.__traceback__))
    reason = RunFailureReason.RUN_EXCEPTION
    event = dg.DagsterEvent.job_failure("job", "it failed", reason, what)
    record = logging.LogRecord("dagster", logging.ERROR, "", 0, "it failed", None, None)
    record.dagster_meta = {"dagster_event": event}
    return RunFormatter().format(record).partition("  ")[2]


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_failure_is_our_error_and_neither_its_cause_nor_what_dagster_wraps_it_in(
    wrapped: bool,
) -> None:
    error = RayClusterError("expected a Ray cluster")
    error.__cause__ = RuntimeError("status code 500")
    if wrapped:
        of_dagster = dg.DagsterError("in a step")
        of_dagster.__cause__, error = error, of_dagster
    assert failed_with(error).endswith("RayClusterError: expected a Ray cluster")
