"""What handlers of the sample site get and give."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

JPEG, HTML, JSON = "image/jpeg", "text/html; charset=utf-8", "application/json; charset=utf-8"


@dataclass(frozen=True)
class Request:
    """What a handler of the site gets: path without host, query and form as single values."""

    path: str
    query: dict[str, str]
    form: dict[str, str]
    looks_like_browser: bool


@dataclass(frozen=True)
class Drawing:
    """A picture that is drawn when it is sent; of equal names the bytes are equal."""

    name: str
    draw: Callable[[], bytes]


@dataclass(frozen=True)
class Answer:
    """What a handler of the site gives; `location` is where a redirect leads."""

    content: bytes | Drawing
    content_type: str
    status: int = 200
    location: str | None = None

    @property
    def body(self) -> bytes:
        """The bytes, drawn now if need be."""
        return self.content.draw() if isinstance(self.content, Drawing) else self.content

    @property
    def etag(self) -> str | None:
        """The ETag of a picture that came whole; a drawing need not be drawn for it."""
        if self.status != 200 or not self.content_type.startswith("image/"):
            return None
        named = self.content.name.encode() if isinstance(self.content, Drawing) else self.content
        return f'"{hashlib.sha256(named).hexdigest()[:32]}"'


NOT_FOUND = Answer(b"not found on the sample site", "text/plain; charset=utf-8", 404)
MISDIRECTED = Answer(b"no host of the sample world", "text/plain; charset=utf-8", 421)
