"""What lets a site say "unchanged since you asked last" (RFC 9110, section 13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MAX_LETTERS = 512


@dataclass(frozen=True)
class Validator:
    """ETag and Last-Modified of an answer, as they came; false when the site sent neither."""

    etag: str | None = None
    last_modified: str | None = None

    def __bool__(self) -> bool:
        return bool(self.etag or self.last_modified)

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> Validator:
        """The validator that response headers carry, without what cannot be sent back."""
        return cls(_sendable(headers.get("ETag")), _sendable(headers.get("Last-Modified")))

    def request_headers(self) -> dict[str, str]:
        """The headers that make a GET conditional; empty without a validator."""
        asked = {
            "If-None-Match": _sendable(self.etag),
            "If-Modified-Since": _sendable(self.last_modified),
        }
        return {name: value for name, value in asked.items() if value}


def _sendable(value: str | None) -> str | None:
    fits = value is not None and len(value) <= MAX_LETTERS and value.isascii()
    return value if fits and value and value.isprintable() and value == value.strip() else None
