"""Album titles and artist names as charts and shops print them: taking apart and comparing.

The comparison follows advice proven in public Melon collectors: NFKC, casefold, drop spaces and
punctuation, and compare the parts inside and outside brackets separately.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

from kpop_assets.text import without_no_width

VERSION_REMARK = re.compile(
    r"""\s*(?:
        .*\b(?:ver\.?|version|버전)              # Kiss Ver. / KiT ver. / Weverse Albums ver.
        | ki(?:t|hno)(?:\s+album)? | lp | cd     # another medium
        | (?:new\s+)?limited\s+edition | 한정반
        | special\s+edition | standard\s+edition
    )\s*""",
    re.IGNORECASE | re.VERBOSE,
)
"""What a closing bracket says of another printing of the same album, sold under the same cover.

Not version remarks, because the release has a cover of its own: a repackage, and "(Deluxe Edition)"
(the chart's one example, BE of 2020, is another release than BE of 2021).
"""

OPENING_BRACKETS, CLOSING_BRACKETS = "([（［【", ")]）］】"

OWN_RELEASE_WORD = re.compile(
    r"re-?packaged?(?:\s+album)?|리패키지(?:\s*앨범)?|deluxe(?:\s+edition)?", re.IGNORECASE
)
"""Words that tell two releases of one name apart: a title with one never equals one without."""

_BRACKETED = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_BRACKETED_OWN_RELEASE_WORD = re.compile(
    rf"[(\[]\s*(?:{OWN_RELEASE_WORD.pattern})\s*[)\]]|{OWN_RELEASE_WORD.pattern}", re.IGNORECASE
)
_EMPTY_BRACKETS = re.compile(r"\(\s*\)")


def split_version_remark(album: str) -> tuple[str, str | None]:
    """Split "XOXO (Kiss Ver.)" into ("XOXO", "Kiss Ver."); None where there is no version remark.

    Several remarks at the end are joined with ", " in the order in which they are printed. Full
    width and decomposed letters are read as plain ones; the title comes composed (NFC), without
    characters that have no width.
    """
    title = unicodedata.normalize("NFC", without_no_width(album)).strip()
    remarks: list[str] = []
    while title and title[-1] in CLOSING_BRACKETS:
        start = max(map(title.rfind, OPENING_BRACKETS))
        remark = unicodedata.normalize("NFKC", title[start + 1 : -1])
        before = title[: max(start, 0)].rstrip()
        has_brackets = any(map(remark.__contains__, CLOSING_BRACKETS))
        if not before or has_brackets or not VERSION_REMARK.fullmatch(remark):
            break
        remarks.insert(0, " ".join(remark.split()))
        title = before
    return title, ", ".join(remarks) or None


def normalised_title(text: str) -> str:
    """The letters and digits of a text (NFKC, casefolded), without spaces, punctuation, symbols.

    An empty pair of brackets stays, as it is all that tells "DREAM( )SCAPE" from "DREAMSCAPE".
    A text of symbols only stays as it is, without spaces.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    pieces = ["".join(filter(str.isalnum, piece)) for piece in _EMPTY_BRACKETS.split(folded)]
    return "()".join(pieces) or "".join(folded.split())


def same_title(a: str, b: str) -> bool:
    """Whether two printed titles name the same release: "촉(Choke)" equals "Choke".

    Equal are: the whole titles; a title without brackets and a part of the other; all parts.
    A repackage or deluxe edition never equals the plain album.
    """
    if normalised_title(a) == normalised_title(b):
        return True
    if own_release_words(a) != own_release_words(b):
        return False
    parts_a, parts_b = title_parts(a), title_parts(b)
    if len(parts_a) == 1 or len(parts_b) == 1:
        return bool(parts_a & parts_b)
    return parts_a == parts_b


def title_parts(text: str) -> frozenset[str]:
    """The normalised parts of a title outside and inside its brackets, without empty ones."""
    folded = unicodedata.normalize("NFKC", text)
    kept = _EMPTY_BRACKETS.sub("\0", folded)
    parts = [(m.group(1) or m.group(2) or "") for m in _BRACKETED.finditer(kept)]
    parts.append(_BRACKETED.sub(" ", kept))
    parts = [part.replace("\0", "()") for part in parts if not OWN_RELEASE_WORD.fullmatch(part)]
    named = {normalised_title(part) for part in parts if any(map(str.isalnum, part))}
    return frozenset(named) or frozenset({normalised_title(text)})


def title_similarity(a: str, b: str) -> float:
    """How alike the normalised titles are, 0.0 to 1.0: difflib's ratio, the same both ways."""
    first, second = sorted((normalised_title(a), normalised_title(b)))
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def same_artist(a: str, b: str) -> bool:
    """Whether two printed artist names share a name: "빅스 (VIXX)" and "VIXX", "A, B" and "B"."""
    return bool(_artist_names(a) & _artist_names(b))


def own_release_words(text: str) -> set[str]:
    """Which of "repackage" and "deluxe" the title says, in whatever spelling."""
    plain = (
        "deluxe" if m.group().lower().startswith("del") else "repackage"
        for m in OWN_RELEASE_WORD.finditer(text)
    )
    return set(plain)


def without_own_release_words(text: str) -> str:
    """The title without such words; as it is if nothing else is left."""
    rest = _BRACKETED_OWN_RELEASE_WORD.sub(" ", text)
    return rest if any(map(str.isalnum, rest)) else text


def _artist_names(text: str) -> set[str]:
    names = {normalised_title(text)}
    for piece in re.split(r"[|,]", text):
        names |= title_parts(piece)
    return names - {""}
