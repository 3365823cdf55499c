import pytest

from kpop_assets.sites.manners import Manners
from kpop_assets.sites.robots import RobotsAnswer, RobotsRules
from kpop_assets.sites.sample.server import SampleSite
from kpop_assets.sites.sample_hosts import SAMPLE_PICTURE_HOST
from kpop_assets.sites.session import SiteSession
from kpop_assets_tests.sites.conftest import REFERENCE_FOLDER

RULES = """User-agent: *
Disallow: /

User-agent: kpop-assets
Disallow: /private/
Crawl-delay: 900
"""


def rules(status: int, text: str = "") -> tuple[RobotsRules, list[str], dict[str, float]]:
    asked: list[str] = []
    pauses: dict[str, float] = {}

    def ask(address: str) -> RobotsAnswer:
        asked.append(address)
        return RobotsAnswer(status, text)

    return RobotsRules("kpop-assets", ask, pauses.__setitem__), asked, pauses


def test_a_host_is_asked_once_and_its_rules_for_this_crawler_are_kept() -> None:
    robots, asked, pauses = rules(200, RULES)
    assert robots.allow("https://pictures.test/public/1.jpg")
    assert not robots.allow("https://pictures.test/private/1.jpg")
    assert asked == ["https://pictures.test/robots.txt"]
    assert pauses == {"pictures.test": 30.0}


@pytest.mark.parametrize(("status", "allowed"), [(404, True), (403, True), (429, False)])
def test_no_file_allows_all(status: int, allowed: bool) -> None:
    assert rules(status)[0].allow("https://pictures.test/1.jpg") is allowed


@pytest.mark.parametrize("status", [0, 500, 503])
def test_a_host_that_cannot_say_allows_nothing(status: int) -> None:
    assert not rules(status)[0].allow("https://pictures.test/1.jpg")


def test_an_address_that_is_none_is_not_allowed() -> None:
    assert not rules(404)[0].allow("http://[broken/1.jpg")


def test_the_session_honours_robots_txt_if_its_manners_say_so() -> None:
    with SampleSite(REFERENCE_FOLDER) as site:
        picture = f"https://{SAMPLE_PICTURE_HOST}/private/1.jpg"
        assert SiteSession.sample(site.address).robots_allow(picture)
        site.robots[SAMPLE_PICTURE_HOST] = RULES
        assert not SiteSession.sample(site.address).robots_allow(picture)
        renamed = SiteSession.sample(site.address, manners=Manners(user_agent="my-study/1 (me)"))
        assert not renamed.robots_allow(picture.replace("private", "public"))
        rude = SiteSession.sample(site.address, manners=Manners(honour_robots=False))
        assert rude.robots_allow(picture)
