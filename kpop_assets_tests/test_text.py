"""One form to compare text in, one to show it in."""

import pytest

from kpop_assets.text import comparable, one_line, printable


@pytest.mark.parametrize(
    "spelled",
    [
        "소녀시대 Girls",
        "\u1109\u1169\u1102\u1167\u1109\u1175\u1103\u1162 girls",
        "소녀시대\u3000ＧＩＲＬＳ",
        "\ufeff소녀\u200b시대  girls ",
        "소녀시대\ngirls\u2060",
        "소녀시대\u3164 girls",
    ],
    ids=["plain", "decomposed", "full width", "no width", "other spaces", "filler"],
)
def test_spellings_of_one_name_compare_equal(spelled: str) -> None:
    assert comparable(spelled) == "소녀시대 girls"


def test_apostrophes_quotes_and_dashes_of_word_processors_are_plain_ones() -> None:
    assert comparable("Girls’ Generation–TTS “Twinkle”\ufe0f") == 'girls\' generation-tts "twinkle"'


def test_comparing_twice_changes_nothing() -> None:
    assert comparable(comparable("ǰ\u0345İß ﬁ")) == comparable("ǰ\u0345İß ﬁ")


def test_control_characters_are_shown_as_codes() -> None:
    evil = "\x1b]0;OWNED\x07\x9b7m\u202egnp\ud800"
    assert printable(f"여자\t{evil}\n") == ("여자\t\\x1b]0;OWNED\\x07\\x9b7m\\u202egnp\\ud800\n")


def test_a_name_of_several_lines_is_one_line() -> None:
    assert one_line(" Ever\r\ngreen\x00\x1b[2J\u2028! ") == "Ever green [2J !"
