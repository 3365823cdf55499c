"""What can be asked of the sample site to go wrong, as it does on the real web.

    site.faults.append(Fault("covers.kpop-assets.sample", "truncated JPEG"))

A fault bends the answers of a host, or of its paths that match, for so many requests.
"""

from __future__ import annotations

import gzip
import itertools
import re
import socket
import struct
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler

from kpop_assets.sample_world.answers import HTML, Answer

DRIP_S = 1.0
STALL_S = 30.0
LARGE_BODY_MB = 300
BOMB_MB = 64
BOMB_SIDE_PX = 50_000
SCRIPT = b"<script>alert(document.domain)</script>"
ERROR_PAGE = "<!doctype html><title>점검</title><p>서비스 점검 중입니다.</p>".encode()
REDIRECTS = {
    "endless redirect": "",
    "redirect to 127.0.0.1": "http://127.0.0.1:9/secret",
    "redirect to 169.254.169.254": "http://169.254.169.254/latest/meta-data/",
    "redirect to [::1]": "http://[::1]:9/secret",
    "redirect to a private name": "http://localhost:9/secret",
    "redirect to a file": "file:///etc/passwd",
}


@dataclass
class Fault:
    """A fault of a host: `kind` is a key of FAULTS, `path` a pattern that paths match from 0.

    The first `times` matching requests meet it, all of them if that is None; `met` counts them.
    """

    host: str
    kind: str
    path: str = ""
    times: int | None = None
    met: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.kind not in FAULTS:
            raise ValueError(f"expected one of {', '.join(FAULTS)}, got {self.kind!r}")

    def meets(self, host: str, path: str) -> bool:
        """Whether a request meets the fault; it is counted if so."""
        if host != self.host or not re.match(self.path, path):
            return False
        with self._lock:
            if self.times is not None and self.met >= self.times:
                return False
            self.met += 1
            return True


Sent = Callable[[BaseHTTPRequestHandler, Answer], None]
"""Sends an answer in its own wrong way."""

Changed = Callable[[Answer], Answer]
"""Returns a wrong answer, which is then sent as any other."""


def _busy(handler: BaseHTTPRequestHandler, _answer: Answer) -> None:
    _head(handler, 429, {"Retry-After": "1", "Content-Length": "0"})


def _broken(handler: BaseHTTPRequestHandler, _answer: Answer) -> None:
    _head(handler, 500, {"Content-Length": "0"})


def _missing(handler: BaseHTTPRequestHandler, _answer: Answer) -> None:
    _head(handler, 404, {"Content-Length": "0"})


def _reset(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    _head(handler, 200, {"Content-Length": str(len(answer.body))})
    handler.wfile.write(answer.body[: len(answer.body) // 2])
    handler.wfile.flush()
    lingering_off = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, lingering_off)
    handler.connection.close()


def _stall(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    _head(handler, 200, {"Content-Length": str(len(answer.body))})
    handler.wfile.flush()
    handler.connection.settimeout(STALL_S)
    handler.connection.recv(1)


def _drip(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    _head(handler, 200, {"Content-Length": str(len(answer.body))})
    for byte in answer.body:
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
        time.sleep(DRIP_S)


def _drip_headers(handler: BaseHTTPRequestHandler, _answer: Answer) -> None:
    for byte in itertools.cycle(b"HTTP/1.1 200 OK" + b"x" * 1000):
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
        time.sleep(DRIP_S)


def _length_short(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    _head(handler, 200, {"Content-Length": str(len(answer.body) // 2)})
    handler.wfile.write(answer.body)


def _length_long(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    _head(handler, 200, {"Content-Length": str(len(answer.body) + 1000)})
    handler.wfile.write(answer.body)


@cache
def _bomb() -> bytes:
    return gzip.compress(bytes(BOMB_MB * 2**20))


def _gzip_bomb(handler: BaseHTTPRequestHandler, _answer: Answer) -> None:
    bomb = _bomb()
    _head(handler, 200, {"Content-Encoding": "gzip", "Content-Length": str(len(bomb))})
    handler.wfile.write(bomb)


def _large(handler: BaseHTTPRequestHandler, _answer: Answer) -> None:
    _head(handler, 200, {"Content-Type": "image/jpeg"})
    megabyte = b"\xff\xd8\xff" + bytes(2**20 - 3)
    for _ in range(LARGE_BODY_MB):
        handler.wfile.write(megabyte)


def _redirect(target: str) -> Sent:
    def send(handler: BaseHTTPRequestHandler, _answer: Answer) -> None:
        host, _, path = handler.path.removeprefix("/").partition("/")
        here = f"https://{host}/{path.partition('?')[0]}?{time.monotonic_ns()}"
        _head(handler, 302, {"Location": target or here, "Content-Length": "0"})

    return send


def _png_bomb(_answer: Answer) -> Answer:
    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    head = struct.pack(">IIBBBBB", BOMB_SIDE_PX, BOMB_SIDE_PX, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(2**20))
    body = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return Answer(body, "image/png")


def _svg(_answer: Answer) -> Answer:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="500" height="500">' + SCRIPT + b"</svg>"
    return Answer(svg, "image/svg+xml")


def _html(_answer: Answer) -> Answer:
    return Answer(b"<!doctype html><title>cover</title>" + SCRIPT, "image/jpeg")


def _error_page(_answer: Answer) -> Answer:
    return Answer(ERROR_PAGE, HTML)


def _truncated(answer: Answer) -> Answer:
    return Answer(answer.body[: len(answer.body) * 2 // 5], answer.content_type)


def _changed_layout(answer: Answer) -> Answer:
    body = answer.body
    for word in (b"SERVICE_RANKING", b"d_album_list", b"imgpt", b"iusc", b"song_name", b'["http'):
        body = body.replace(word, b"renewed2027")
    return Answer(body, answer.content_type)


def _empty(answer: Answer) -> Answer:
    if answer.content_type.startswith("application/json"):
        return Answer(b'{"ResultStatus": "OK", "ErrorMsg": ""}', answer.content_type)
    nothing = '<div class="no_data"><p>검색결과가 없습니다.</p></div>'
    return Answer(nothing.encode(), answer.content_type)


def _wrong_first(answer: Answer) -> Answer:
    results = re.findall(rb'<li class="album11_li">.*?</li>', answer.body, re.DOTALL)
    body = answer.body.replace(b"".join(results), b"".join(reversed(results)))
    return Answer(body, answer.content_type)


def _cp949(answer: Answer) -> Answer:
    body = answer.body.decode().encode("cp949", "ignore")
    return Answer(body, answer.content_type.replace("utf-8", "euc-kr"))


def _markup(answer: Answer) -> Answer:
    names = re.sub(
        rb'("ARTIST_NAME": ")([^"]*)(")', rb"\1<img src=x onerror=alert(1)>\2\3", answer.body
    )
    return Answer(names, answer.content_type)


def _head(handler: BaseHTTPRequestHandler, status: int, headers: dict[str, str]) -> None:
    handler.close_connection = True
    handler.send_response(status)
    for name, value in {"Connection": "close", **headers}.items():
        handler.send_header(name, value)
    handler.end_headers()


SENT: dict[str, Sent] = {
    "429 with Retry-After": _busy,
    "500": _broken,
    "404": _missing,
    "reset mid-body": _reset,
    "stall after the headers": _stall,
    "one byte a second": _drip,
    "headers one byte a second": _drip_headers,
    "Content-Length too short": _length_short,
    "Content-Length too long": _length_long,
    "gzip bomb": _gzip_bomb,
    "300 MB body": _large,
    **{kind: _redirect(target) for kind, target in REDIRECTS.items()},
}
CHANGED: dict[str, Changed] = {
    "error page with 200": _error_page,
    "HTML for a picture": _html,
    "SVG with script": _svg,
    "PNG bomb": _png_bomb,
    "truncated JPEG": _truncated,
    "changed layout": _changed_layout,
    "empty search": _empty,
    "wrong album first": _wrong_first,
    "CP949 text": _cp949,
    "markup in artist names": _markup,
}
FAULTS: tuple[str, ...] = (*SENT, *CHANGED)
