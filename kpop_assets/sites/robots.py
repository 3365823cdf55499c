"""robots.txt of a host (RFC 9309), read with the standard library's parser."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

MAX_ROBOTS_BYTES = 500 * 1024
"""RFC 9309 asks a crawler to read at least so much."""
CRAWL_DELAY_MAX_S = 30.0
NOTHING_ALLOWED = ("User-agent: *", "Disallow: /")


@dataclass(frozen=True)
class RobotsAnswer:
    """What came for a robots.txt: HTTP status (0 if nothing came) and text."""

    status: int
    text: str


class RobotsRules:
    """Asks each host once for its robots.txt; safe to share between threads.

    `name` is a User-Agent; the rules are those for what stands before its slash. `ask` gets the
    address of a robots.txt; `slow_down` is told the host and seconds of a Crawl-delay (at most
    CRAWL_DELAY_MAX_S). Without a file (4xx) all is allowed, and nothing while the host cannot say
    (5xx, no answer, or rules that cannot be read).
    """

    def __init__(
        self,
        name: str,
        ask: Callable[[str], RobotsAnswer],
        slow_down: Callable[[str, float], None],
    ) -> None:
        self._name = name
        self._ask = ask
        self._slow_down = slow_down
        self._rules: dict[str, RobotFileParser] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def allow(self, url: str) -> bool:
        """Whether the host lets a crawler of this name fetch the url."""
        try:
            parts = urlsplit(url)
            site, host = f"{parts.scheme}://{parts.netloc}", parts.hostname or ""
        except ValueError:
            return False
        with self._lock:
            lock = self._locks.setdefault(site, threading.Lock())
        with lock:
            if site not in self._rules:
                self._rules[site] = self._asked(site, host)
            try:
                return self._rules[site].can_fetch(self._name, url)
            except ValueError:
                return False

    def _asked(self, site: str, host: str) -> RobotFileParser:
        answer = self._ask(f"{site}/robots.txt")
        rules = RobotFileParser()
        if answer.status == 200:
            try:
                rules.parse(answer.text.splitlines())
                delay = rules.crawl_delay(self._name) or 0
                self._slow_down(host, float(min(delay, CRAWL_DELAY_MAX_S)))
            except ValueError:  # the parser's, for lines that it does not expect
                rules = RobotFileParser()
                rules.parse(NOTHING_ALLOWED)
        elif 400 <= answer.status < 500 and answer.status != 429:
            rules.parse([])
        else:
            rules.parse(NOTHING_ALLOWED)
        return rules
