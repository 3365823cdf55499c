"""Text that people and sites write: one form to compare it in, one form to show it in."""

import unicodedata

NO_WIDTH = frozenset("\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u2060\u3164\ufeff\uffa0")
"""Characters without width that are not of the category Cf, or that NFKC turns into others."""


def comparable(text: str) -> str:
    """Return the one form that texts are compared in.

    NFKC, so that full-width and decomposed letters equal plain ones; case folded; without
    characters that have no width; a run of spaces is one space, none at the ends.
    """
    folded = unicodedata.normalize("NFKC", without_no_width(text)).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def without_no_width(text: str) -> str:
    """Return the text without characters that nobody sees: joiners, directions, fillers."""
    return "".join(
        letter for letter in text if letter not in NO_WIDTH and unicodedata.category(letter) != "Cf"
    )


def printable(text: str) -> str:
    r"""Return the text fit for a terminal or a log: control characters as `\x1b`, `\u202e`.

    Line breaks and tabs stay. Escaped are the categories Cc, Cf (marks of direction among them),
    Cs, Zl and Zp.
    """
    return "".join(letter if _is_shown(letter) else _escaped(letter) for letter in text)


def one_line(text: str) -> str:
    """Return a name from outside without control characters: each is a space, runs are one."""
    kept = "".join(
        " " if unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") else letter
        for letter in text
    )
    return " ".join(kept.split())


def _is_shown(letter: str) -> bool:
    return letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Zl", "Zp")


def _escaped(letter: str) -> str:
    return letter.encode("unicode_escape", "surrogatepass").decode("ascii")
