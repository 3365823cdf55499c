"""The executor of runs whose steps are jobs of a Ray cluster.

dagster-ray and Ray are imported when a run starts: definitions load as fast as without.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg

from kpop_assets.defs.executor import RunExecutor
from kpop_assets.errors import KpopAssetsError
from kpop_assets.settings import RayCluster

if TYPE_CHECKING:
    from ray.job_submission import JobSubmissionClient

STOP_WAIT_S = "60"
"""A training that is cancelled writes a checkpoint before it ends."""
NOT_FOR_STEPS = "KPOP_ALERT_"


class RayClusterError(KpopAssetsError):
    """The Ray cluster does not answer, or what asks it is not installed."""


def ray_executor(cluster: RayCluster) -> dg.ExecutorDefinition:
    """Return the executor of runs on a cluster; its config can ask for other cores and GPUs."""

    @dg.executor(
        name="ray",
        requirements=dg.multiple_process_executor_requirements(),
        config_schema={
            "training_cpus": dg.Field(
                float, cluster.training_cpus, description="Cores that each training asks for."
            ),
            "training_gpus": dg.Field(
                float, cluster.training_gpus, description="GPUs that each training asks for."
            ),
            "other_cpus": dg.Field(float, 1.0, description="Cores that each other step asks for."),
            "lost_steps_retried": dg.Field(
                int, 3, description="How often a step starts again after its node was lost."
            ),
            "patience_s": dg.Field(
                float, 60.0, description="Seconds for which the cluster may give no answer."
            ),
        },
    )
    def on_ray(context: dg.InitExecutorContext) -> dg.Executor:
        """Run each step as a job of the Ray cluster."""
        config: Mapping[str, Any] = context.executor_config
        client = _client(cluster.address)
        from dagster_ray.core.executor import RayStepHandler

        from kpop_assets.defs.cluster.steps.on_ray import RayExecutor, StepsOnRay

        def asking(cpus: float, gpus: float) -> RayStepHandler:
            return RayStepHandler(
                client=client,
                env_vars=[f"{name}={value}" for name, value in _for_steps(os.environ).items()],
                runtime_env=None,
                num_cpus=cpus,
                num_gpus=gpus or None,
                memory=None,
                resources=None,
            )

        handler = StepsOnRay(
            client,
            asking(config["training_cpus"], config["training_gpus"]),
            asking(config["other_cpus"], 0.0),
            config["patience_s"],
        )
        executor = RayExecutor(handler, config["lost_steps_retried"])
        return RunExecutor(executor, steps_are_here=False)

    return on_ray


def _client(address: str) -> "JobSubmissionClient":
    """Return what submits jobs; raises RayClusterError."""
    try:
        import dagster_ray  # noqa: F401
        from ray.job_submission import JobSubmissionClient
    except ImportError as error:
        raise RayClusterError(
            f"expected dagster-ray for the Ray cluster at {address}, but {error}; run "
            "`make cluster`, or unset KPOP_RAY_ADDRESS to run steps on this machine"
        ) from error
    try:
        return JobSubmissionClient(address)
    except Exception as error:
        raise unreachable(address, error) from error


def unreachable(address: str, error: Exception, how_long: str = "") -> RayClusterError:
    """Return the error of a cluster that does not answer, or not any more."""
    return RayClusterError(
        f"expected a Ray cluster at {address}, but it does not answer{how_long} ({error}); start "
        "it, correct KPOP_RAY_ADDRESS, or unset it to run steps on this machine; then run again: "
        "trainings go on from their last checkpoint"
    )


def _for_steps(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what a step finds in its environment; credentials are those of its node."""
    given = {
        name: value
        for name, value in environment.items()
        if name in ("DAGSTER_HOME", "PYTHONPATH", "PYTHONWARNINGS")
        or (name.startswith("KPOP_") and not name.startswith(NOT_FOR_STEPS))
    }
    path = f"{Path(sys.executable).parent}:${{PATH}}"
    return {**given, "PATH": path, "RAY_JOB_STOP_WAIT_TIME_S": STOP_WAIT_S}
