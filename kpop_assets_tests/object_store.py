"""A server of the S3 protocol on loopback, and one before it that answers badly when asked to."""

import http.client
import os
import shlex
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

BUCKET = "covers"
MOTO = shlex.join([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "{port}"])
Fault = Literal["busy", "full", "cut", "slow"]
_ANSWERS = {"busy": (503, "SlowDown"), "full": (507, "InsufficientStorage")}
_NOT_FORWARDED = ("connection", "transfer-encoding", "content-length")


def credentials(port: int) -> dict[str, str]:
    """Return the AWS_ variables of a server on that port."""
    return {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "somebody",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
    }


@contextmanager
def s3_server() -> Iterator[int]:
    """Run moto's server, or the one of `KPOP_TEST_S3_COMMAND`, and give its port.

    It has an empty bucket.
    """
    port = _free_port()
    command = os.environ.get("KPOP_TEST_S3_COMMAND", MOTO).replace("{port}", str(port))
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(shlex.split(command), stdout=quiet, stderr=quiet)
    try:
        _make_bucket(port)
        yield port
    finally:
        server.kill()
        server.wait()


def _make_bucket(port: int) -> None:
    for _ in range(600):
        try:
            asked = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            asked.request("PUT", f"/{BUCKET}")
            assert asked.getresponse().status == 200
            return
        except ConnectionError:
            time.sleep(0.1)
    raise TimeoutError("the S3 server did not start in a minute")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class FaultyServer:
    """Hands requests on, or answers with `fault` as long as it is set; `asked` counts them.

    So many of the next objects read break off in the middle (`breaks_off`). The answer to the next
    request of that method and end of address is lost (`answers_lost_of`). What `on_write` has for a
    text is done once an object has been written whose address has the text in it.
    """

    port: int
    fault: Fault | None = None
    asked: int = 0
    breaks_off: int = 0
    answers_lost_of: tuple[str, str] | None = None
    on_write: dict[str, Callable[[], object]] = field(default_factory=dict)

    def is_for(self, seconds: float, fault: Fault) -> None:
        """Answer with a fault from now on, for so many seconds."""
        self.fault = fault
        threading.Timer(seconds, setattr, (self, "fault", None)).start()


@contextmanager
def before(server: int) -> Iterator[FaultyServer]:
    """Run a faulty server before the one on that port."""
    about = FaultyServer(0)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            about.asked += 1
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if about.fault == "slow":
                time.sleep(1.0)
            if about.fault == "cut":
                self._hang_up()
                return
            if about.fault in _ANSWERS:
                status, code = _ANSWERS[about.fault]
                self._send(status, {}, f"<Error><Code>{code}</Code></Error>".encode())
                return
            asked = http.client.HTTPConnection("127.0.0.1", server, timeout=60)
            asked.request(self.command, self.path, body, dict(self.headers))
            answer = asked.getresponse()
            content = answer.read()
            if self.command == "PUT":
                for text in [text for text in about.on_write if text in self.path]:
                    about.on_write.pop(text, lambda: None)()
            if about.answers_lost_of and self._is(*about.answers_lost_of):
                about.answers_lost_of = None
                self._hang_up()
                return
            if self.command == "GET" and about.breaks_off > 0 and len(content) > 100:
                about.breaks_off -= 1
                headers = {**dict(answer.getheaders()), "Content-Length": str(len(content))}
                self._send(answer.status, headers, content[:100])
                self._hang_up()
                return
            self._send(answer.status, dict(answer.getheaders()), content)

        do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _answer

        def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response_only(status)
            for name, value in headers.items():
                if name.lower() not in _NOT_FORWARDED:
                    self.send_header(name, value)
            length = headers.get("Content-Length", str(len(body)))
            self.send_header("Content-Length", length)
            self.end_headers()
            self.wfile.write(body)

        def _is(self, method: str, end: str) -> bool:
            return self.command == method and self.path.partition("?")[0].endswith(end)

        def _hang_up(self) -> None:
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    proxy = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    about.port = proxy.server_port
    thread = threading.Thread(target=proxy.serve_forever, daemon=True)
    thread.start()
    try:
        yield about
    finally:
        proxy.shutdown()
        proxy.server_close()


def environment_of(port: int) -> dict[str, str]:
    """Return this process's environment with the AWS_ variables of a server on that port."""
    return {**os.environ, **credentials(port)}
