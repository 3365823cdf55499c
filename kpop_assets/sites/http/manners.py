"""How this program behaves towards the sites: names, pauses, parallel requests, robots.txt."""

from __future__ import annotations

from dataclasses import dataclass

PROJECT_USER_AGENT = "kpop-assets/0.1 (album cover research pipeline)"
BROWSER_USER_AGENT = (
    "Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Safari/537.36"
)


@dataclass(frozen=True)
class Manners:
    """What may be chosen about the behaviour towards the live sites.

    `user_agent` names the project everywhere but at sites that want a browser: those get
    `browser_user_agent`. `pause_s` lies between the starts of two requests to one host (public
    collectors pause 0.5 to 3 s), `parallel_per_host` requests to it run at a time. With
    `honour_robots` the robots.txt of picture hosts is obeyed.
    """

    user_agent: str = PROJECT_USER_AGENT
    browser_user_agent: str = BROWSER_USER_AGENT
    pause_s: float = 0.5
    parallel_per_host: int = 4
    honour_robots: bool = True

    @property
    def browser_headers(self) -> dict[str, str]:
        """For sites that send other pages, or HTTP 406, to what does not look like a browser."""
        return {
            "User-Agent": self.browser_user_agent,
            "Accept-Language": "ko-KR,ko;q=0.9,en-US;q=0.6,en;q=0.5",
        }
