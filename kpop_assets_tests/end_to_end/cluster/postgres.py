"""A PostgreSQL of this machine's Debian, on loopback, in a folder of its own."""

import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

USER, PASSWORD, DATABASE = "kpop", "tested", "postgres"
START_S = 60.0


def programs() -> Path | None:
    """Return the folder with PostgreSQL's programs, None where it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    on_path = shutil.which("postgres")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@contextmanager
def running_postgres(bin_folder: Path) -> Iterator[dict[str, str]]:
    """Give the variables with which deploy/dagster.yaml reaches a server that ends with the block.

    It refuses to be root, so the user that Debian made for it owns it then.
    """
    owner = "postgres" if os.getuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="kpop-pg-"))
    secret = folder / "password"
    secret.write_text(PASSWORD)
    if owner:
        for path in (folder, secret):
            shutil.chown(path, owner)
    data, port = folder / "data", free_port()
    try:
        initialise = [bin_folder / "initdb", "-D", data, "-U", USER, "-A", "scram-sha-256"]
        subprocess.run(
            [*initialise, f"--pwfile={secret}", "--no-sync"],
            user=owner,
            cwd=folder,
            check=True,
            capture_output=True,
        )
        start = [bin_folder / "postgres", "-D", data, "-k", folder, "-p", str(port), "-F"]
        log = (folder / "log").open("wb")
        with log, subprocess.Popen(start, user=owner, cwd=folder, stdout=log, stderr=log) as server:
            try:
                _wait_for(port)
                yield {
                    "DAGSTER_PG_HOST": "127.0.0.1",
                    "DAGSTER_PG_PORT": str(port),
                    "DAGSTER_PG_USER": USER,
                    "DAGSTER_PG_PASSWORD": PASSWORD,
                    "DAGSTER_PG_DB": DATABASE,
                }
            finally:
                server.send_signal(signal.SIGQUIT)
    finally:
        shutil.rmtree(folder)


def free_port() -> int:
    """Return a port below those that systems give to whoever asks for any, as Ray does itself."""
    while True:
        port = random.randrange(12_000, 32_000)
        with socket.socket() as asked, suppress(OSError):
            asked.bind(("127.0.0.1", port))
            return port


def _wait_for(port: int) -> None:
    until = time.monotonic() + START_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
