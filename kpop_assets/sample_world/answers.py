"""What handlers of the sample site get and give."""

from __future__ import annotations

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
class Answer:
    """What a handler of the site gives; `location` is where a redirect leads."""

    body: bytes
    content_type: str
    status: int = 200
    location: str | None = None

    @property
    def is_picture(self) -> bool:
        """Whether it is a picture that came whole, which gets an ETag."""
        return self.content_type.startswith("image/") and self.status in (200, 304)


NOT_FOUND = Answer(b"not found on the sample site", "text/plain; charset=utf-8", 404)
MISDIRECTED = Answer(b"no host of the sample world", "text/plain; charset=utf-8", 421)
