"""The executor of all runs: another one, with config validated first and Ctrl+C obeyed."""

import re
import signal
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import dagster as dg
from pydantic import ValidationError

from kpop_assets.defs.pools import make_pools
from kpop_assets.errors import KpopAssetsError

if TYPE_CHECKING:
    from dagster._core.execution.context.system import PlanOrchestrationContext
    from dagster._core.execution.plan.plan import ExecutionPlan
    from dagster._core.execution.retries import RetryMode


_INTERRUPT = {signal.SIGINT}
_PROCESSES_ARE_THERE = (dg.DagsterEventType.LOGS_CAPTURED, dg.DagsterEventType.STEP_START)


class RunConfigError(KpopAssetsError):
    """The config of a run has a value that cannot be used."""


class RunExecutor(dg.Executor):
    """Runs steps as another executor does, but validates their config first and ends in good order.

    Dagster itself validates a value against its type before a run, but asks the validators of a
    config class only when its step starts. Ctrl+C reaches every process of the terminal: those of
    Dagster that show the run's output would end before its last lines, so they start without it,
    where `steps_are_here`.
    """

    def __init__(self, executor: dg.Executor, *, steps_are_here: bool = True) -> None:
        self._executor = executor
        self._steps_are_here = steps_are_here

    @property
    def retries(self) -> "RetryMode":
        """Whether steps are retried."""
        return self._executor.retries

    def execute(
        self, plan_context: "PlanOrchestrationContext", execution_plan: "ExecutionPlan"
    ) -> Iterator[dg.DagsterEvent]:
        """Run the steps; raises RunConfigError before the first one.

        A run that is interrupted counts as canceled, whoever did it.
        """
        require_valid_config(plan_context.job.get_definition(), plan_context.run_config)
        make_pools(plan_context.instance)
        if self._steps_are_here:
            signal.pthread_sigmask(signal.SIG_BLOCK, _INTERRUPT)
        try:
            for event in self._executor.execute(plan_context, execution_plan):
                if event.event_type in _PROCESSES_ARE_THERE:
                    signal.pthread_sigmask(signal.SIG_UNBLOCK, _INTERRUPT)
                yield event
        except (KeyboardInterrupt, dg.DagsterExecutionInterruptedError):
            run = plan_context.instance.get_run_by_id(plan_context.run_id)
            if run is not None and run.status is dg.DagsterRunStatus.STARTED:
                plan_context.instance.report_run_canceling(run)
            raise dg.DagsterExecutionInterruptedError from None
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _INTERRUPT)


@dg.executor(name="in_process", config_schema=dg.in_process_executor.config_field)
def run_executor(context: dg.InitExecutorContext) -> dg.Executor:
    """Run the steps one after another in the process of the run."""
    in_process = dg.in_process_executor.executor_creation_fn
    assert in_process is not None
    return RunExecutor(in_process(context))


def require_valid_config(job: dg.JobDefinition, run_config: Mapping[str, object]) -> None:
    """Raise RunConfigError for the first step whose config its class refuses."""
    ops = dg.validate_run_config(job, run_config)["ops"]
    for node in job.nodes:
        compute: Any = getattr(node.definition, "compute_fn", None)
        if compute is None or not compute.has_config_arg():
            continue
        try:
            compute.get_config_arg().annotation(**ops[node.name]["config"])
        except ValidationError as error:
            raise RunConfigError(_sentence(node.name, error)) from None
        except KpopAssetsError as error:
            raise RunConfigError(f"config of {node.name}: {error}") from None


def _sentence(step: str, refused: ValidationError) -> str:
    """Return a sentence about the first field that pydantic refuses."""
    first = refused.errors()[0]
    field = "".join(f", {name}" for name in first["loc"])
    message = first["msg"].removeprefix("Value error, ")
    if message == first["msg"]:
        message = (
            re.sub(r"^\w+ should", "expected it to", message) + f", got {first['input']!r:.100}"
        )
    return f"config of {step}{field}: {message}"
