"""Damaged robots.txt: always yes or no, whatever it says."""

from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.sites.http.robots import CRAWL_DELAY_MAX_S, RobotsAnswer, RobotsRules, robots_text
from kpop_assets_tests.fuzz.mutations import damaged

RULES = """\ufeff# rules
User-agent: a
User-agent: kpop-assets/0.1
Crawl-delay: 2.5
Disallow: /*.jpg$
Allow: /앨범/%70*x

user-agent: *
Disallow: /
Sitemap: https://a.test/sitemap.xml
"""
SAMPLES = [
    RULES.encode(),
    RULES.replace("\n", "\r\n").encode(),
    RULES.replace("\n", "\r").encode(),
    RULES.encode("utf-16"),
]
ADDRESSES = st.sampled_from(
    [
        "https://a.test/1.jpg",
        "https://a.test/앨범/px",
        "https://a.test/%ff%",
        "http://[x",
        "//",
        "x",
    ]
) | st.text(max_size=30)


@given(damaged(SAMPLES), ADDRESSES)
def test_a_damaged_robots_txt_says_yes_or_no(content: bytes, address: str) -> None:
    text = robots_text(content)
    delays: list[float] = []

    def slow_down(_host: str, seconds: float) -> None:
        delays.append(seconds)

    robots = RobotsRules("kpop-assets/0.1 (x)", lambda _: RobotsAnswer(200, text), slow_down)
    refusal = robots.refusal(address)
    assert refusal is None or isinstance(refusal, str)
    assert robots.allow(address) is (refusal is None)
    assert all(0 <= delay <= CRAWL_DELAY_MAX_S for delay in delays)
