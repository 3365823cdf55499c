import pytest

from kpop_assets.sample_world.catalogue import SAMPLE_PICTURE_HOST
from kpop_assets.sample_world.server import SampleSite
from kpop_assets.sites.http.manners import Manners
from kpop_assets.sites.http.robots import MAX_ROBOTS_BYTES, RobotsAnswer, RobotsRules, robots_text
from kpop_assets.sites.http.session import SiteSession
from kpop_assets.sites.search.picture_fetcher import PictureFetcher
from kpop_assets_tests.conftest import REFERENCE_FOLDER

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
        assert SiteSession.sample(site.address).robots_refusal(picture) is None
        site.robots[SAMPLE_PICTURE_HOST] = RULES
        assert SiteSession.sample(site.address).robots_refusal(picture)
        renamed = SiteSession.sample(site.address, manners=Manners(user_agent="my-study/1 (me)"))
        assert renamed.robots_refusal(picture.replace("private", "public"))
        rude = SiteSession.sample(site.address, manners=Manners(honour_robots=False))
        assert rude.robots_refusal(picture) is None


ALL = "User-agent: *\nDisallow:"
NONE, SOME = f"{ALL} /", f"{ALL} /p"
NAMED = "User-agent: *\nDisallow: /\n\nUser-agent: {}\nDisallow: /p"


@pytest.mark.parametrize(
    ("text", "refused", "allowed"),
    [
        ("User-agent: *\nDisallow: /*.jpg$", "/x/1.jpg", "/x/1.jpg?w=2"),
        ("User-agent: *\nDisallow: /a*/b", "/a1/2/b/3", "/1/a/b"),
        ("User-agent: *\nDisallow: /$", "/", "/1"),
        ("User-agent: *\nDisallow: /x?a=", "/x?a=1", "/x?b=1"),
        ("User-agent: *\nDisallow: /\nAllow: /p", "/q", "/p/1"),
        ("User-agent: *\nAllow: /p\nDisallow: /p/q", "/p/q/1", "/p/1"),
        ("User-agent: *\nDisallow: /p\nDisallow: /q\nAllow: /p", "/q", "/p"),
        (f"{SOME}\n\nUser-agent: a\nAllow: /\n\nUser-agent: *\nDisallow: /q", "/q", "/r"),
        (f"{SOME}\n\nUser-agent: a\nAllow: /\n\nUser-agent: *\nDisallow: /q", "/p", "/r"),
        ("User-agent: a\nUser-agent: KPOP-Assets\nUser-agent: b\nDisallow: /p", "/p", "/q"),
        ("User-agent: kpop-assets/2.1 (x)\nDisallow: /p", "/p", "/q"),
        ("user-agent:*\r\ndisallow:/p", "/p", "/q"),
        ("User-agent: *\rDisallow: /p\rAllow: /p/q", "/p", "/p/q"),
        ("\ufeffUser-agent: *\nDisallow: /p", "/p", "/q"),
        ("User-agent: *\nDisallow: /p # all of it\nfoo bar\nNonsense: 1", "/p", "/q"),
        ("User-agent: *\n\nDisallow: /p", "/p", "/q"),
        ("User-agent: *\nDisallow: /%70%6F", "/po", "/%2570%6F"),
        ("User-agent: *\nDisallow: /a%3cd", "/a%3Cd", "/a"),
        ("User-agent: *\nDisallow: /a%2Fb", "/a%2fb", "/a/b"),
        ("User-agent: *\nDisallow: /앨범", "/%EC%95%A8%EB%B2%94/1", "/a"),
        ("User-agent: *\nDisallow: /%EC%95%A8%EB%B2%94", "/앨범/1", "/a"),
        ("User-agent: *\nDisallow: /p\u2028Allow: /", "/p\u2028Allow:%20/1", "/q"),
    ],
)  # fmt: skip
def test_the_rules_are_those_of_rfc_9309(text: str, refused: str, allowed: str) -> None:
    robots = RobotsRules("kpop-assets/0.1 (album)", lambda _: RobotsAnswer(200, text), print)
    assert not robots.allow(f"https://a.test{refused}")
    assert robots.allow(f"https://a.test{allowed}")


@pytest.mark.parametrize("name", ["kpop", "k", "assets", "album", "kpop-assets-extra", "*bot"])
def test_a_group_of_another_name_is_not_ours(name: str) -> None:
    robots = RobotsRules(
        "kpop-assets/0.1 (album)", lambda _: RobotsAnswer(200, NAMED.format(name)), print
    )
    assert not robots.allow("https://a.test/q")
    ours = RobotsRules("KPOP-assets/9", lambda _: RobotsAnswer(200, NAMED.format("*, x")), print)
    assert not ours.allow("https://a.test/q")


@pytest.mark.parametrize(
    ("content", "refused"),
    [
        (b"\xef\xbb\xbf" + NONE.encode(), "/1"),
        (NONE.encode("utf-16"), "/1"),
        ("User-agent: *\nDisallow: /앨범".encode("cp949"), "/%BE%D9%B9%FC/1"),
        (b"\xff\x00\xfe\nUser-agent: *\nDisallow: /p\n\xff", "/p"),
    ],
)
def test_bytes_in_other_encodings_cost_no_rule(content: bytes, refused: str) -> None:
    text = robots_text(content)
    robots = RobotsRules("kpop-assets", lambda _: RobotsAnswer(200, text), print)
    assert not robots.allow(f"https://a.test{refused}")


@pytest.mark.parametrize("content", [b"", b"<!doctype html><p>Disallow: /", bytes(range(256)) * 9])
def test_a_file_without_rules_allows_all(content: bytes) -> None:
    text = robots_text(content)
    robots = RobotsRules("kpop-assets", lambda _: RobotsAnswer(200, text), print)
    assert robots.allow("https://a.test/1")


def test_rules_for_thousands_of_names_are_not_kept_for_each() -> None:
    names = "".join(f"User-agent: a{n}\n" for n in range(18_000))
    text = f"{names}User-agent: *\n" + "Disallow: /p\n" * 18_000
    robots = RobotsRules("kpop-assets", lambda _: RobotsAnswer(200, text), print)
    assert not robots.allow("https://a.test/p")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (RobotsAnswer(200, NONE), "robots.txt of a.test says no"),
        (RobotsAnswer(503, ALL), "robots.txt of a.test cannot be read: HTTP 503"),
        (RobotsAnswer(206, ALL), "robots.txt of a.test cannot be read: HTTP 206"),
        (RobotsAnswer(0, "", "ReadTimeout"), "robots.txt of a.test cannot be read: ReadTimeout"),
        (RobotsAnswer(401, NONE), None),
        (RobotsAnswer(204, ""), None),
    ],
)
def test_a_refusal_says_what_robots_txt_said(answer: RobotsAnswer, reason: str | None) -> None:
    assert RobotsRules("x", lambda _: answer, print).refusal("https://a.test/1.jpg") == reason


def test_a_robots_txt_that_is_too_long_is_read_up_to_its_last_whole_line() -> None:
    long = "User-agent: *\nDisallow: /p\n" + "# nothing to see\n" * 40_000 + "Disallow: /q\n"
    with SampleSite(REFERENCE_FOLDER) as site:
        site.robots[SAMPLE_PICTURE_HOST] = long
        session = SiteSession.sample(site.address)
        assert session.robots_refusal(f"https://{SAMPLE_PICTURE_HOST}/p/1.jpg")
        assert session.robots_refusal(f"https://{SAMPLE_PICTURE_HOST}/q/1.jpg") is None
    cut = (SOME + "rivate").encode().ljust(MAX_ROBOTS_BYTES, b"x")
    assert robots_text(cut) == "User-agent: *"


def test_a_host_that_is_refused_is_reported_as_refused_and_not_as_robots_txt(
    site: SampleSite,
) -> None:
    for session, address, error in (
        (SiteSession("live"), "http://127.0.0.1:9/1.jpg", "PrivateAddressError at 127.0.0.1"),
        (SiteSession("live"), "http://[::1]:9/1.jpg", "PrivateAddressError at ::1"),
        (
            SiteSession.sample(site.address),
            "https://a.test/1.jpg",
            "HostNotInSampleError at a.test",
        ),
    ):
        assert PictureFetcher(session, len).fetch(address).trouble == error
