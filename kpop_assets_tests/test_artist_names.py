"""By which names an artist is known."""

import unicodedata

import pytest

from kpop_assets.artist_names import ByArtist, ContradictoryArtistError, artist_names

TYPES = {"트와이스": "girl", "방탄소년단 [BTS]": "boy", "(여자)아이들": "girl", "EXO-K": "boy"}


@pytest.mark.parametrize(
    ("printed", "kind"),
    [
        ("트와이스", "girl"),
        (unicodedata.normalize("NFD", "트와이스"), "girl"),
        ("트와\u200b이스", "girl"),
        ("\u00a0트와이스\u3000", "girl"),
        ("트 와이스", "girl"),
        ("TWICE (트와이스)", "girl"),
        ("트와이스(TWICE)", "girl"),
        ("ＴＷＩＣＥ　（트와이스）", "girl"),
        ("TWICE 【트와이스】 [K-pop]", "girl"),
        ("bts", "boy"),
        ("BTS (방탄소년단)", "boy"),
        ("（여자）아이들", "girl"),
        ("(여자) 아이들", "girl"),
        ("(G)I-DLE ((여자)아이들)", "girl"),
        ("exo‐k", "boy"),
    ],
)
def test_an_artist_is_found_however_it_is_printed(printed: str, kind: str) -> None:
    assert ByArtist(TYPES).get(printed) == kind


@pytest.mark.parametrize(
    "printed", ["여자", "아이들", "(여자)", "(G)I-DLE", "EXO", "", "()", "트와이스)"]
)
def test_other_artists_are_not_found(printed: str) -> None:
    assert ByArtist(TYPES).get(printed) is None


def test_brackets_in_front_are_a_part_of_the_name() -> None:
    assert artist_names("(여자)아이들") == ("(여자)아이들",)
    assert artist_names("TWICE (트와이스)") == ("twice(트와이스)", "twice", "트와이스")


def test_a_whole_name_goes_before_one_in_brackets() -> None:
    types = ByArtist({"Jessi (제시)": "girl", "제시": "boy"})
    assert types.get("제시") == "boy"
    assert types.get("Jessi") == "girl"


def test_a_name_in_brackets_that_several_artists_have_is_nobody_s() -> None:
    assert ByArtist({"태연 (SM)": "girl", "태민 (SM)": "boy"}).get("SM") is None


def test_two_spellings_with_different_values_are_refused_by_name() -> None:
    with pytest.raises(ContradictoryArtistError, match=r"'BTS' has 'boy' and 'ｂｔｓ' has 'girl'"):
        ByArtist({"BTS": "boy", "ｂｔｓ": "girl"})


def test_a_flood_of_brackets_gives_few_names() -> None:
    assert len(artist_names("IU" + " (x)" * 50_000)) == 3
    assert ByArtist({"IU": "girl"}).get("(" * 100_000 + "IU" + ")" * 100_000) is None
