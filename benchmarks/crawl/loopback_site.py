"""The loopback site of the crawl benchmark: result pages in Bing's format, and distinct JPEGs."""

from __future__ import annotations

import html
import io
import json
import statistics
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import requests
from PIL import Image
from requests.adapters import HTTPAdapter

PAGE = 20
PICTURE_HOST = "covers.kpop-assets.sample"
SIDE = 400


def keywords(pictures: int) -> tuple[list[str], int]:
    """The keywords, and how many pictures each lists: Bing lists at most 1000."""
    each = 100 if pictures <= 1000 else 1000
    return [f"album cover {number}" for number in range(pictures // each)], each


def picture(number: int) -> bytes:
    """A JPEG of about 20 kB that differs from all others."""
    noise = np.random.default_rng(number)
    coarse = Image.fromarray(noise.integers(0, 256, (8, 8, 3), dtype=np.uint8))
    smooth = np.asarray(coarse.resize((SIDE, SIDE), Image.Resampling.BICUBIC), dtype=np.int16)
    grain = noise.integers(-9, 10, (SIDE, SIDE, 1), dtype=np.int16)
    encoded = io.BytesIO()
    Image.fromarray((smooth + grain).clip(0, 255).astype(np.uint8)).save(encoded, "JPEG")
    return encoded.getvalue()


def serve(pictures: int, latency_s: float, port: Connection) -> None:
    """Serve result pages and pictures until the process is ended."""
    _, each = keywords(pictures)
    held = [picture(number) for number in range(pictures)]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            time.sleep(latency_s)
            target = urlsplit(self.path)
            host, _, path = target.path.lstrip("/").partition("/")
            if host == PICTURE_HOST and path.endswith(".jpg"):
                self.answer(held[int(path.removesuffix(".jpg"))], "image/jpeg")
            elif host == "www.bing.com":
                query = parse_qs(target.query)
                keyword = int(query["q"][0].rpartition(" ")[2])
                first = int(query["first"][0])
                numbers = range(first, min(first + PAGE, each))
                body = "".join(self.entry(keyword * each + number) for number in numbers)
                self.answer(body.encode(), "text/html")
            else:
                self.answer(b"", "text/plain", 404)

        def entry(self, number: int) -> str:
            address = f"https://{PICTURE_HOST}/{number}.jpg"
            data = json.dumps({"purl": address, "murl": address}, separators=(",", ":"))
            return f'<div class="imgpt"><a m="{html.escape(data)}"></a></div>'

        def answer(self, body: bytes, content_type: str, status: int = 200) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

    server = Server(("127.0.0.1", 0), Handler)
    port.send((server.server_address[1], statistics.mean(map(len, held))))
    server.serve_forever()


class Loopback(HTTPAdapter):
    """Sends what is meant for the web to the site."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        """Send to ADDRESS/HOST/PATH."""
        host = urlsplit(request.url or "").hostname
        request.url = f"{self.address}/{host}{request.path_url}"
        return super().send(request, *args, **kwargs)
