"""Words in titles that make another release of an album."""

from collections import Counter

import pytest

from kpop_assets.sites.matching.other_releases import other_releases, with_plain_words


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Evergreen", {}),
        ("Evergreen (Live)", {"live": 1}),
        ("Evergreen_Live", {"live": 1}),
        ("Long Live (Live)", {"live": 2}),
        ("라이브 (Live)", {"live": 1}),
        ("Evergreen (Live) [Inst.]", {"live": 1, "instrumental": 1}),
        ("Evergreen (Japanese Ver.)", {"japanese": 1}),
        ("French Kiss", {}),
        ("Evergreen (French Version)", {"french": 1}),
        ("XOXO (Kiss Ver.)", {}),
        ("Alive, Oliver, Believe, Ghost, 드라이브, 중국집", {}),
    ],
)
def test_a_title_says_what_kind_of_release_it_is(title: str, said: dict[str, int]) -> None:
    assert other_releases(title) == Counter(said)


def test_the_words_are_written_in_one_way() -> None:
    for title in ("Evergreen (Inst. Ver.)", "Evergreen (instrumental)", "Evergreen (인스트)"):
        assert with_plain_words(title).split() == ["evergreen", "(", "instrumental", ")"]
