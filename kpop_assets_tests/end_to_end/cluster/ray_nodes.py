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

    def node_that_runs(self, step: str) -> psutil.Popen:
        """Return the node on which the process of a step is; raises LookupError."""
        for node in self.nodes:
            for process in node.children(recursive=True):
                with suppress(psutil.Error):
                    if process.environ().get("DAGSTER_RUN_STEP_KEY") == step:
                        return node
        raise LookupError(step)

    def kill(self, node: psutil.Popen) -> None:
        """Take a node away as a power cut does: SIGKILL for everything on it."""
        for process in [node, *node.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        node.wait()


@contextmanager
def running_ray(count: int, environment: Mapping[str, str]) -> Iterator[RayNodes]:
    """Give a cluster with so many nodes, whose steps find `environment`; it ends with the block."""
    folder = Path(tempfile.mkdtemp(prefix="kpop-ray-"))
    gcs, dashboard = free_port(), free_port()
    env = {**os.environ, **environment, "RAY_AUTH_MODE": "disabled"}
    env.pop("RAY_ADDRESS", None)
    every = ["--block", "--disable-usage-stats", "--min-worker-port=0", "--max-worker-port=0"]

    def start(name: str, *options: str) -> psutil.Popen:
        with (folder / name).open("wb") as log:
            return psutil.Popen(
                [RAY, "start", *options, *every], env=env, stdout=log, stderr=subprocess.STDOUT
            )

    def joined(name: str) -> psutil.Popen:
        """Start a node; one that a busy head did not notice in Ray's 30 s is started again."""
        for _ in range(ATTEMPTS):
            node = start(name, f"--address=127.0.0.1:{gcs}", "--num-cpus=1")
            while node.poll() is None:
                if "Ray runtime started" in (folder / name).read_text():
                    return node
                time.sleep(0.2)
        raise AssertionError((folder / name).read_text())

    head = start(
        "head",
        *("--head", "--num-cpus=0", f"--port={gcs}", f"--temp-dir={folder}"),
        *("--dashboard-host=127.0.0.1", f"--dashboard-port={dashboard}"),
    )
    cluster = RayNodes(f"http://127.0.0.1:{dashboard}", head)
    try:
        _wait_for(cluster.address)
        for number in range(count):
            cluster.nodes.append(joined(f"node {number}"))
        yield cluster
    finally:
        for node in [*cluster.nodes, head]:
            with suppress(psutil.NoSuchProcess):
                cluster.kill(node)
        shutil.rmtree(folder, ignore_errors=True)


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
