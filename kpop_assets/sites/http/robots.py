"""robots.txt of a host, as RFC 9309 says; Protego reads the rules."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from protego import Protego

MAX_ROBOTS_BYTES = 500 * 1024
"""RFC 9309 asks a crawler to read at least so much; what comes after it is not read."""
CRAWL_DELAY_MAX_S = 30.0

OURS, ANOTHER = "ours", "another"
LINE_END = re.compile(r"\r\n|\r|\n")
USER_AGENT = re.compile(r"\s*user[- ]?agent\s*[:\s]\s*([^\s/#]*)", re.IGNORECASE)
CRAWL_DELAY = re.compile(r"\s*crawl[- ]delay\s*[:\s]\s*([0-9.]{1,9})", re.IGNORECASE)
OTHER_LINE_ENDS = re.compile("[\v\f\x1c-\x1e\x85\u2028\u2029]")
"""What Python ends a line at, and RFC 9309 does not."""


@dataclass(frozen=True)
class RobotsAnswer:
    """What came for a robots.txt: HTTP status and text, or status 0 and the trouble."""

    status: int
    text: str
    trouble: str = "no answer"


class RobotsRules:
    """Asks each host once for its robots.txt; safe to share between threads.

    `name` is a User-Agent; the rules are those for its product token, which stands before its first
    slash or space. `ask` gets the address of a robots.txt; what it raises is raised here.
    `slow_down` gets the host and seconds of a Crawl-delay (at most CRAWL_DELAY_MAX_S). Without a
    file (4xx) all is allowed, and nothing while the host cannot say (5xx, 429, no answer).
    """

    def __init__(
        self,
        name: str,
        ask: Callable[[str], RobotsAnswer],
        slow_down: Callable[[str, float], None],
    ) -> None:
        self._token = re.split(r"[/\s]", name.strip(), maxsplit=1)[0].lower()
        self._ask = ask
        self._slow_down = slow_down
        self._rules: dict[str, Protego | str] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def allow(self, url: str) -> bool:
        """Whether the host lets a crawler of this name fetch the url."""
        return self.refusal(url) is None

    def refusal(self, url: str) -> str | None:
        """Why the url must not be fetched, None if it may."""
        try:
            parts = urlsplit(url)
            site, host = f"{parts.scheme}://{parts.netloc}", parts.hostname or ""
        except ValueError:
            return "address that is none"
        with self._lock:
            lock = self._locks.setdefault(site, threading.Lock())
        with lock:
            if site not in self._rules:
                self._rules[site] = self._asked(site, host)
            rules = self._rules[site]
        if isinstance(rules, str):
            return rules
        try:
            is_allowed = rules.can_fetch(url, OURS)
        except ValueError:
            return "address that is none"
        return None if is_allowed else f"robots.txt of {host} says no"

    def _asked(self, site: str, host: str) -> Protego | str:
        """The rules of a host, or why it cannot say."""
        answer = self._ask(f"{site}/robots.txt")
        if 400 <= answer.status < 500 and answer.status != 429:
            return Protego.parse("")
        if not 200 <= answer.status < 300 or answer.status == 206:
            came = f"HTTP {answer.status}" if answer.status else answer.trouble
            return f"robots.txt of {host} cannot be read: {came}"
        rules = Protego.parse("\n".join(_for_protego(answer.text, self._token)))
        delay = rules.crawl_delay(OURS) or 0.0
        self._slow_down(host, min(delay, CRAWL_DELAY_MAX_S))
        return rules


def robots_text(content: bytes) -> str:
    """The text of a robots.txt, with bytes that are no UTF-8 percent-encoded as in addresses.

    Of a file that was cut at MAX_ROBOTS_BYTES the last line is left out, which may be a piece.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16", "replace")
    else:
        text = content.decode("utf-8", "backslashreplace").replace("\\x", "%")
    lines = LINE_END.split(text)
    return "\n".join(lines[:-1] if len(content) >= MAX_ROBOTS_BYTES else lines)


def _for_protego(text: str, token: str) -> Iterator[str]:
    """The lines with OURS for the product token and ANOTHER for all others.

    Protego would take a group for us whose name only begins as ours does, and rules for thousands
    of names would be kept for each.
    """
    for line in LINE_END.split(text.removeprefix("\ufeff")):
        if agent := USER_AGENT.match(line):
            name = agent[1].lower()
            yield f"User-agent: {'*' if name == '*' else OURS if name == token else ANOTHER}"
        elif delay := CRAWL_DELAY.match(line):
            yield f"Crawl-delay: {delay[1]}"
        else:
            yield OTHER_LINE_ENDS.sub(lambda found: quote(found[0]), line)
