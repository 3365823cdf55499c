"""A process before a server of this machine that hands bytes on, to be killed as the server would.

The server behind it keeps what it has: killed and started again, the relay is a server that lost
nothing but its connections.

    python -m kpop_assets_tests.relay PORT SERVER
"""

import asyncio
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

HOST = "127.0.0.1"


class Relay:
    """A relay on `port`, up or killed."""

    def __init__(self, port: int, server: int) -> None:
        self.port, self._server = port, server
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, again on the same port, and wait until it listens."""
        command = [sys.executable, "-m", __name__, str(self.port), str(self._server)]
        self._process = subprocess.Popen(command)
        while self._process.poll() is None:
            with suppress(ConnectionError), socket.create_connection((HOST, self.port)):
                return
            time.sleep(0.05)
        raise OSError(f"the relay on port {self.port} does not start")

    def kill(self) -> None:
        """Kill it with SIGKILL, as often as wanted."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def kill_for(self, seconds: float) -> None:
        """Kill it, and start it again so many seconds later."""
        self.kill()
        threading.Timer(seconds, self.start).start()


@contextmanager
def relay_before(server: int) -> Iterator[Relay]:
    """Run a relay before the server on that port."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        relay = Relay(probe.getsockname()[1], server)
    relay.start()
    try:
        yield relay
    finally:
        relay.kill()


async def _serve(port: int, server: int) -> None:
    async def handed_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            answers, asked = await asyncio.open_connection(HOST, server)
            await asyncio.gather(_pass(reader, asked), _pass(answers, writer))

    async with await asyncio.start_server(handed_on, HOST, port) as listening:
        await listening.serve_forever()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while content := await reader.read(2**16):
            writer.write(content)
            await writer.drain()
    writer.close()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), int(sys.argv[2])))
