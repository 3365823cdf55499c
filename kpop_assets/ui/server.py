"""The Dagster UI and its daemon: `python -m kpop_assets.ui`, which `make ui` runs."""

import argparse
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from dotenv import load_dotenv

from kpop_assets.dagster_home import dagster_home
from kpop_assets.errors import KpopAssetsError
from kpop_assets.project import PROJECT_FOLDER
from kpop_assets.settings import Settings
from kpop_assets.store.artifacts import Store

if TYPE_CHECKING:
    import dagster as dg
    import uvicorn

LOOPBACK = "127.0.0.1"
PORT = 3000
PORTS = range(1, 2**16)
POLL_MS = 2000
SECONDS_TO_END = 3
DAEMON = """
import os, signal, sys, threading
from dagster._daemon.cli import main
def end_with_the_ui():
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)
threading.Thread(target=end_with_the_ui, daemon=True).start()
main()
"""
"""The Dagster daemon, until its stdin ends."""


class UiError(KpopAssetsError):
    """The UI cannot be served as asked."""


def serve(host: str, port: int) -> None:
    """Serve the UI and run the daemon until SIGINT or SIGTERM; raises UiError and SettingsError.

    Other web pages are kept away by `UiFilter`. When `host` is not loopback, whoever asks needs a
    token, which is printed with the address.
    """
    with ExitStack() as stack:
        listening = stack.enter_context(listening_socket(host, port))
        if not os.environ.get("DAGSTER_HOME"):
            store = Store(Settings.from_environment().store)
            os.environ["DAGSTER_HOME"] = str(dagster_home(store))
        import uvicorn
        from dagster import DagsterInstance
        from dagster._core.workspace.context import WorkspaceProcessContext
        from dagster._core.workspace.load_target import WorkspaceFileTarget
        from dagster_webserver.app import create_app_from_workspace_process_context
        from dagster_webserver.version import __version__

        from kpop_assets.ui.filter import UiFilter, is_loopback, own_hosts

        instance = stack.enter_context(DagsterInstance.get())
        workspace = stack.enter_context(_code_server(instance))
        daemon = stack.enter_context(_daemon(workspace))
        context = stack.enter_context(
            WorkspaceProcessContext(
                instance,
                version=__version__,
                workspace_load_target=WorkspaceFileTarget([str(workspace)]),
            )
        )
        port = listening.getsockname()[1]
        token = None if is_loopback(host) else secrets.token_urlsafe(32)
        app = create_app_from_workspace_process_context(context, live_data_poll_rate=POLL_MS)
        server = uvicorn.Server(
            uvicorn.Config(
                UiFilter(app, own_hosts(host, port), token),
                log_level="warning",
                proxy_headers=False,
                timeout_graceful_shutdown=SECONDS_TO_END,
            )
        )
        print(f"the Dagster UI: {_address(host, port, token)} (Ctrl+C ends it)", flush=True)
        threading.Thread(target=_ends_with, args=(server, daemon), daemon=True).start()
        server.run(sockets=[listening])
        if daemon.poll() is not None:
            raise UiError(
                f"expected the Dagster daemon to run, but it ended with {daemon.returncode}: "
                "see its last lines above"
            )


def listening_socket(host: str, port: int) -> socket.socket:
    """Return a socket that listens; raises UiError when it cannot, as on a port that is taken."""
    if port not in PORTS:
        raise UiError(f"expected a port from 1 to {PORTS[-1]}, got {port}")
    try:
        [family, _, _, _, address] = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        return socket.create_server(address, family=family)
    except OSError as error:
        cause = str(error.strerror).partition(" (")[0]
        raise UiError(
            f"expected to listen on {host}, port {port}, but the system says: {cause}; choose "
            "another port, such as make ui PORT=3001"
        ) from error


@contextmanager
def _code_server(instance: "dg.DagsterInstance") -> Iterator[Path]:
    """Run the code server that UI and daemon share, as `dagster dev` does; yield its workspace."""
    import yaml
    from dagster._cli.proxy_server_manager import ProxyServerManager
    from dagster._core.workspace.load_target import ModuleTarget

    target = ModuleTarget("kpop_assets.definitions", None, None, "kpop_assets")
    with (
        ProxyServerManager(instance, target, code_server_log_level="WARNING") as servers,
        TemporaryDirectory() as folder,
    ):
        workspace = Path(folder) / "workspace.yaml"
        workspace.write_text(
            yaml.safe_dump({"load_from": servers.get_code_server_specs()}), encoding="utf-8"
        )
        yield workspace


@contextmanager
def _daemon(workspace: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the Dagster daemon, which ends with the context, and when this process is killed."""
    command = [sys.executable, "-c", DAEMON, "run", "-w", str(workspace)]
    daemon = subprocess.Popen(command, stdin=subprocess.PIPE)
    try:
        yield daemon
    finally:
        daemon.terminate()
        try:
            daemon.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            daemon.kill()
            daemon.wait()


def _ends_with(server: "uvicorn.Server", daemon: subprocess.Popen[bytes]) -> None:
    daemon.wait()
    server.should_exit = True


def _address(host: str, port: int, token: str | None) -> str:
    """Return the address to open: this machine's name for a server that listens everywhere."""
    name = socket.gethostname() if host in ("", "0.0.0.0", "::") else host
    written = f"[{name}]" if ":" in name else name
    return f"http://{written}:{port}/" + (f"?token={token}" if token else "")


def main(arguments: list[str] | None = None) -> None:
    """Serve as the command line asks; exit with a sentence when that cannot be."""
    parser = argparse.ArgumentParser(prog="python -m kpop_assets.ui", description=__doc__)
    parser.add_argument("--host", default=LOOPBACK, help="the address to listen on")
    parser.add_argument("--port", type=int, default=PORT)
    options = parser.parse_args(arguments)
    load_dotenv(PROJECT_FOLDER / ".env", override=True)
    for how in (signal.SIGINT, signal.SIGTERM):
        signal.signal(how, lambda number, _frame: sys.exit(128 + number))
    try:
        serve(options.host, options.port)
    except KpopAssetsError as error:
        sys.exit(str(error))
