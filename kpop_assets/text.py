"""Text that people and sites write: one form to compare it in, one form to show it in."""

import unicodedata

NO_WIDTH = frozenset("\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u2060\u3164\ufeff\uffa0") | {
    chr(number) for number in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
}
"""Characters without width that are not of the category Cf, or that NFKC turns into others."""

PLAIN_MARKS = str.maketrans(
    {
        **dict.fromkeys("‘’‛ʼ´`′＇", "'"),
        **dict.fromkeys("“”„‟″＂", '"'),
        **dict.fromkeys("‐‑‒–—―−－", "-"),
    }
)
"""Apostrophes, quotes and dashes that programs for writing put in place of the plain ones."""


def comparable(text: str) -> str:
    """Return the one form that texts are compared in.

    NFKC, so that full-width and decomposed letters equal plain ones; case folded; with plain
    apostrophes, quotes and dashes; without characters that have no width; a run of spaces is one
    space, none at the ends.
    """
    plain = without_no_width(text).translate(PLAIN_MARKS)
    folded = unicodedata.normalize("NFKC", plain).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def without_no_width(text: str) -> str:
    """Return the text without characters that nobody sees: joiners, directions, fillers."""
    if text.isascii():
        return text
    return "".join(
        letter for letter in text if letter not in NO_WIDTH and unicodedata.category(letter) != "Cf"
    )


def has_control_characters(text: str) -> bool:
    """Return whether there are line breaks, tabs, other control characters, lone surrogates."""
    return not text.isprintable() and any(map(_is_control, text))


def one_line(text: str) -> str:
    """Return a name from outside without control characters: each is a space, runs are one."""
    return " ".join("".join(" " if _is_control(letter) else letter for letter in text).split())


def printable(text: str) -> str:
    r"""Return the text fit for a terminal or a log: control characters as `\x1b`, `\u202e`.

    Line breaks and tabs stay. Escaped are the categories Cc, Cf (marks of direction among them),
    Cs, Zl and Zp.
    """
    if text.isprintable():
        return text
    return "".join(letter if _is_shown(letter) else _escaped(letter) for letter in text)


def _is_control(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp")


def _is_shown(letter: str) -> bool:
    return letter in "\n\t" or not (_is_control(letter) or unicodedata.category(letter) == "Cf")


def _escaped(letter: str) -> str:
    return letter.encode("unicode_escape", "surrogatepass").decode("ascii")
