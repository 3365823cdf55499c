"""Every page, whatever it shows: one base, escaped values, scripts that a policy knows."""

import pytest
from jinja2 import UndefinedError

from kpop_assets.pages.rendering import rendered

HOSTILE = """</title></script>"'><img src=x onerror=alert(1)>"""


def review(title: str = "small") -> str:
    group = {"id": "part-0", "title": title, "shown": "0", "cards": []}
    return rendered(
        "review.html",
        **{"suspects": 1, "general": 2, "number": 1, "pages": ["review.html"]},
        groups=[group],
        parts=[("#part-0", title)],
    )


def test_text_of_a_page_is_escaped() -> None:
    page = review(HOSTILE)
    assert "<img" not in page
    assert page.count("&lt;img src=x onerror=alert(1)&gt;") == 2


def test_a_page_without_a_script_may_run_none() -> None:
    assert "script" not in review()
    assert "default-src 'none'; img-src data:;" in review()


def test_a_value_that_a_template_lacks_is_an_error_and_no_gap() -> None:
    with pytest.raises(UndefinedError, match="suspects"):
        rendered("review.html", general=2, number=1, pages=["a"], groups=[], parts=[])
