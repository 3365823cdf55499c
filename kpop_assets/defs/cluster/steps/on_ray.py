"""Steps as jobs of a Ray cluster, through dagster-ray's step handler."""

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

from dagster._core.events import DagsterEvent, EngineEventData, StepRetryData
from dagster._core.execution.retries import RetryMode
from dagster._core.executor.step_delegating import (
    CheckStepHealthResult,
    StepDelegatingExecutor,
    StepHandler,
    StepHandlerContext,
)

from kpop_assets.defs.cluster.ray_executor import RayClusterError, unreachable
from kpop_assets.defs.pools import TRAINING

if TYPE_CHECKING:
    from dagster._core.execution.context.system import IStepContext
    from dagster._core.execution.plan.state import KnownExecutionState
    from dagster._utils.error import SerializableErrorInfo
    from dagster_ray.core.executor import RayStepHandler
    from ray.job_submission import JobSubmissionClient

Answer = TypeVar("Answer")

HEALTH_CHECK_S = 5
WAIT_FOR_ANOTHER_NODE_S = 10
"""A process on a node that is lost to the cluster ends within this time."""
ASK_AGAIN_S = 2.0


class StepsOnRay(StepHandler):
    """Launches steps as Ray jobs with what their pool needs, and asks how they are.

    `lost` has the keys of steps whose job ended without a word, `gone` why nothing is asked of the
    cluster any more: it did not answer for `patience_s` seconds.
    """

    def __init__(
        self,
        client: "JobSubmissionClient",
        training: "RayStepHandler",
        others: "RayStepHandler",
        patience_s: float,
    ) -> None:
        super().__init__()
        self._client = client
        self._training = training
        self._others = others
        self._patience_s = patience_s
        self.lost: set[str] = set()
        self.gone: RayClusterError | None = None

    @property
    def name(self) -> str:
        """What logs call it."""
        return "StepsOnRay"

    def launch_step(self, step_handler_context: StepHandlerContext) -> Iterator[DagsterEvent]:
        """Submit the step's job, which a busy head may refuse at first; raises RayClusterError."""
        handler = self._handler(step_handler_context)
        yield from self._answered(lambda: list(handler.launch_step(step_handler_context)))

    def check_step_health(self, step_handler_context: StepHandlerContext) -> CheckStepHealthResult:
        """Return whether the step's job runs or waits for a core."""
        handler = self._handler(step_handler_context)
        try:
            health = self._answered(lambda: handler.check_step_health(step_handler_context))
        except RayClusterError as error:
            self.gone = error
            return CheckStepHealthResult.unhealthy(f"RayClusterError: {error}")
        if not health.is_healthy:
            self.lost.add(_step_key(step_handler_context))
        return health

    def terminate_step(self, step_handler_context: StepHandlerContext) -> Iterator[DagsterEvent]:
        """Stop the step's job; a cluster that does not answer has nothing to stop."""
        try:
            yield from self._handler(step_handler_context).terminate_step(step_handler_context)
        except Exception as error:
            step = step_handler_context.get_step_context(_step_key(step_handler_context))
            yield DagsterEvent.engine_event(step, f"not stopped: {error}", EngineEventData())

    def _handler(self, context: StepHandlerContext) -> "RayStepHandler":
        step = context.get_step_context(_step_key(context)).step
        return self._training if step.pool == TRAINING else self._others

    def _answered(self, ask: Callable[[], Answer]) -> Answer:
        """Return what the cluster answers; raises RayClusterError when it does not for too long."""
        if self.gone is not None:
            raise self.gone
        until = time.monotonic() + self._patience_s
        while True:
            try:
                return ask()
            except Exception as error:
                if time.monotonic() > until:
                    address = self._client.get_address()
                    raise unreachable(address, error, f" for {self._patience_s:g} s") from error
            time.sleep(ASK_AGAIN_S)


class RayExecutor(StepDelegatingExecutor):
    """Waits for the steps; one that its node took with it starts again elsewhere.

    What a step itself raises is not tried again.
    """

    def __init__(self, handler: StepsOnRay, lost_steps_retried: int) -> None:
        super().__init__(
            handler,
            RetryMode.ENABLED,
            check_step_health_interval_seconds=HEALTH_CHECK_S,
            should_verify_step=True,
        )
        self._handler = handler
        self._lost_steps_retried = lost_steps_retried

    def log_failure_or_retry_event_after_error(
        self,
        step_context: "IStepContext",
        err_info: "SerializableErrorInfo",
        known_state: "KnownExecutionState",
    ) -> DagsterEvent:
        """Return the event that starts a lost step again, or the one that it failed."""
        key = step_context.step.key
        attempts = known_state.get_retry_state().get_attempt_count(key)
        if key in self._handler.lost and attempts < self._lost_steps_retried:
            self._handler.lost.remove(key)
            return DagsterEvent.step_retry_event(
                step_context, StepRetryData(err_info, seconds_to_wait=WAIT_FOR_ANOTHER_NODE_S)
            )
        return super().log_failure_or_retry_event_after_error(step_context, err_info, known_state)


def _step_key(context: StepHandlerContext) -> str:
    [key] = context.execute_step_args.step_keys_to_execute or []
    return key
