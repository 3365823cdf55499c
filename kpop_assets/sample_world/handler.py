"""HTTP of the sample site: reads requests, lets faults bend the answers, and sends them."""

from __future__ import annotations

from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from kpop_assets.sample_world.answers import Answer, Request
from kpop_assets.sample_world.faults import CHANGED, SENT, Fault

MAX_FORM_BYTES = 64 * 1024
IDLE_TIMEOUT_S = 30.0


class Answering(Protocol):
    """What is behind the server: gives answers, has faults, counts answers by host and status."""

    faults: list[Fault]
    sent: Counter[tuple[str, int]]

    def answer(self, host: str, request: Request) -> Answer:
        """The answer of one host."""


class SampleServer(ThreadingHTTPServer):
    """A thread for each connection; broken connections are no news."""

    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_args: object) -> None:
        """Ignore clients that went away: faults are about them."""


def handler_for(site: Answering) -> type[BaseHTTPRequestHandler]:
    """The handler class that answers with what the site gives."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = IDLE_TIMEOUT_S
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            length = whole_number(self.headers.get("Content-Length", ""))
            if length > MAX_FORM_BYTES:
                self.close_connection = True
                self._send(Answer(b"form too long", "text/plain; charset=utf-8", 413))
                return
            self._answer(_single_values(self.rfile.read(length).decode("utf-8", "replace")))

        def log_message(self, *_args: object) -> None:
            """Log nothing: the client's side of a crawl is what is logged."""

        def _answer(self, form: dict[str, str]) -> None:
            target = urlsplit(self.path)
            host, _, path = target.path.removeprefix("/").partition("/")
            request = Request(
                path="/" + unquote(path),
                query=_single_values(target.query),
                form=form,
                looks_like_browser=self.headers.get("User-Agent", "").startswith("Mozilla/"),
            )
            answer = site.answer(host, request)
            for fault in site.faults:
                if fault.meets(host, request.path):
                    if fault.kind in SENT:
                        SENT[fault.kind](self, answer)
                        return
                    answer = CHANGED[fault.kind](answer)
                    break
            etag = answer.etag
            if etag and self.headers.get("If-None-Match") == etag:
                answer = Answer(b"", answer.content_type, 304)
            site.sent[host, answer.status] += 1
            self._send(answer, etag)

        def _send(self, answer: Answer, etag: str | None = None) -> None:
            body = answer.body
            try:
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.content_type)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("X-Content-Type-Options", "nosniff")
                if answer.location:
                    self.send_header("Location", answer.location)
                if etag:
                    self.send_header("ETag", etag)
                self.end_headers()
                self.wfile.write(body)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

    return Handler


def whole_number(text: str) -> int:
    """The number that the text is, 0 if it is none."""
    return int(text) if text.isascii() and text.isdigit() else 0


def _single_values(encoded: str) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(encoded, keep_blank_values=True).items()}
