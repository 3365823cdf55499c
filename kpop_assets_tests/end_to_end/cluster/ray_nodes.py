"""A Ray cluster on this machine: a head without cores, and nodes of one core each."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from ray.job_submission import JobSubmissionClient

from kpop_assets_tests.end_to_end.cluster.postgres import free_port

RAY = Path(sys.executable).with_name("ray")
START_S = 120.0
ATTEMPTS = 3


@dataclass
class RayNodes:
    """The processes of the head and the nodes, each the parent of all that runs on it."""

    address: str
    head: psutil.Popen
    nodes: list[psutil.Popen] = field(default_factory=list)

    def node_that_runs(self, step: str, since: float) -> psutil.Popen:
        """Return the node on which a step's process of after `since` is; raises LookupError.

        The process of an earlier run's step ends some seconds after its run.
        """
        for node in filter(psutil.Popen.is_running, self.nodes):
            for process in node.children(recursive=True):
                with suppress(psutil.Error):
                    step_here = process.environ().get("DAGSTER_RUN_STEP_KEY")
                    if step_here == step and process.create_time() > since:
                        return node
        raise LookupError(step)

    def kill(self, node: psutil.Popen) -> None:
        """Take a node away as a power cut does: SIGKILL for everything on it."""
        _kill(node)


@contextmanager
def running_ray(count: int, environment: Mapping[str, str]) -> Iterator[RayNodes]:
    """Give a cluster with so many nodes, whose steps find `environment`; it ends with the block."""
    folder = Path(tempfile.mkdtemp(prefix="kpop-ray-"))
    gcs, dashboard = free_port(), free_port()
    env = {**os.environ, **environment, "RAY_AUTH_MODE": "disabled"}
    env.pop("RAY_ADDRESS", None)
    every = ["--block", "--disable-usage-stats", "--min-worker-port=0", "--max-worker-port=0"]

    def started(name: str, *options: str) -> psutil.Popen:
        """Start the head or a node; one that a busy machine keeps for Ray's 30 s starts again."""
        for _ in range(ATTEMPTS):
            with (folder / name).open("wb") as log:
                command = [RAY, "start", *options, *every]
                process = psutil.Popen(command, env=env, stdout=log, stderr=subprocess.STDOUT)
            until = time.monotonic() + START_S
            while process.poll() is None and time.monotonic() < until:
                if "Ray runtime started" in (folder / name).read_text():
                    return process
                time.sleep(0.2)
            _kill(process)
        raise AssertionError((folder / name).read_text())

    processes: list[psutil.Popen] = []
    try:
        head = started(
            "head",
            *("--head", "--num-cpus=0", f"--port={gcs}", f"--temp-dir={folder}"),
            *("--dashboard-host=127.0.0.1", f"--dashboard-port={dashboard}"),
            f"--ray-client-server-port={free_port()}",
        )
        processes.append(head)
        cluster = RayNodes(f"http://127.0.0.1:{dashboard}", head)
        _wait_for(cluster.address)
        for number in range(count):
            node = started(f"node {number}", f"--address=127.0.0.1:{gcs}", "--num-cpus=1")
            processes.append(node)
            cluster.nodes.append(node)
        yield cluster
    finally:
        for process in reversed(processes):
            _kill(process)
        shutil.rmtree(folder, ignore_errors=True)


def _kill(process: psutil.Popen) -> None:
    """End a process and all that it started."""
    with suppress(psutil.NoSuchProcess):
        for each in [process, *process.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                each.send_signal(signal.SIGKILL)
    process.wait()


def _wait_for(address: str) -> None:
    until = time.monotonic() + START_S
    while True:
        try:
            JobSubmissionClient(address)
            return
        except (OSError, RuntimeError):
            if time.monotonic() > until:
                raise
            time.sleep(0.5)
