"""The Dagster UI as `make ui` starts it, and as it ends."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import requests

from kpop_assets.ui.server import UiError, listening_socket

WAIT_SECONDS = 120


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which something listens."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def environment(home: Path) -> dict[str, str]:
    return {**os.environ, "DAGSTER_HOME": "", "KPOP_STORE": str(home / "store")}


def test_a_port_that_is_taken_ends_it_with_one_sentence(tmp_path: Path, taken: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kpop_assets.ui", "--port", str(taken)],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        f"expected to listen on 127.0.0.1, port {taken}, but the system says: Address already in "
        "use; choose another port, such as make ui PORT=3001\n"
    )
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("port", [-1, 0, 65536, 70000])
def test_a_number_that_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(UiError, match=f"expected a port from 1 to 65535, got {port}"):
        listening_socket("127.0.0.1", port)


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(UiError, match="Cannot assign requested address"):
        listening_socket("192.0.2.1", 3000)
    with pytest.raises(UiError, match=r"expected to listen on no\.such\.host\.invalid"):
        listening_socket("no.such.host.invalid", 3000)


AS_A_BACKGROUND_JOB = ("sh", "-c", "trap '' INT; exec \"$@\"", "sh")
"""A script's shell starts such a job with SIGINT ignored."""


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_it_answers_and_ends_with_everything_it_started(
    tmp_path: Path, how: signal.Signals
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = tmp_path / "log"
    with log.open("w") as output:
        ui = subprocess.Popen(
            [*AS_A_BACKGROUND_JOB, sys.executable, "-m", "kpop_assets.ui", "--port", str(port)],
            env=environment(tmp_path),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until(lambda: "configured with the following daemons" in log.read_text("utf-8"))
        assert f"the Dagster UI: http://127.0.0.1:{port}/ (Ctrl+C ends it)" in log.read_text()
        assert requests.get(f"http://127.0.0.1:{port}/server_info", timeout=30).ok
        assert len(running(ui.pid)) == 4
        assert (tmp_path / "store/dagster/history").is_dir()
        os.kill(ui.pid, how)
        killed = how == signal.SIGKILL
        assert ui.wait(timeout=WAIT_SECONDS) == (-how if killed else 128 + how)
        wait_until(lambda: not running(ui.pid))
    finally:
        with suppress(ProcessLookupError):
            os.killpg(ui.pid, signal.SIGKILL)
        ui.wait()


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def running(group: int) -> list[str]:
    """The commands of a process group that have not ended."""
    listed = subprocess.run(["ps", "-eo", "pgid=,stat=,args="], capture_output=True, text=True)
    lines = [line.split(None, 2) for line in listed.stdout.splitlines()]
    return [args for pgid, stat, args in lines if pgid == str(group) and "Z" not in stat]
