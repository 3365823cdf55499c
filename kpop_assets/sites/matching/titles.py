"""Album titles and artist names as charts and shops print them: taking apart and comparing.

The comparison follows advice proven in public Melon collectors: NFKC, casefold, drop spaces and
punctuation, and compare the parts inside and outside brackets separately.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

from kpop_assets.sites.matching.other_releases import other_releases
from kpop_assets.text import comparable, without_no_width

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
(the chart's one example, BE of 2020, is another release than BE of 2021); a live, instrumental or
remixed version, and one in another language than SOLD_TOGETHER.
"""

OPENING_BRACKETS, CLOSING_BRACKETS = "([（［【", ")]）］】"

SOLD_TOGETHER = {"chinese"}
"""Languages whose printing is sold beside the Korean one, under the same cover."""

OWN_RELEASE_WORD = re.compile(
    r"re-?packaged?(?:\s+album)?|리패키지(?:\s*앨범)?|deluxe(?:\s+edition)?", re.IGNORECASE
)
"""Words that tell two releases of one name apart: a title with one never equals one without."""

_BRACKETED = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_BRACKETED_OWN_RELEASE_WORD = re.compile(
    rf"[(\[]\s*(?:{OWN_RELEASE_WORD.pattern})\s*[)\]]|{OWN_RELEASE_WORD.pattern}", re.IGNORECASE
)
_EMPTY_BRACKETS = re.compile(r"\(\s*\)")

_FEATURING = r"feat\.|featuring\b|feat\b|ft\.|ft\b|f/|prod\.|prod(?:uced)?\s+by\b|피[처쳐]링"
_ALONGSIDE = rf"{_FEATURING}|(?:duet\s+)?with\b|w/|con\b|starring\b"
_IN_BRACKETS = r"\s*[(\[]\s*(?:{})[^()\[\]]*[)\]]"
_FEATURED_IN_TITLE = re.compile(
    _IN_BRACKETS.format(_FEATURING)
    + r"|(?<=[^\s\d])\s+[-~–]?\s*(?:feat\.|feat\s|featuring\s|ft\.).+$"
)
_GUESTS_IN_BRACKETS = re.compile(_IN_BRACKETS.format(_ALONGSIDE))
_GUESTS_BEHIND = re.compile(rf"(?<=\S)[\s,;&•~–-]*\s(?:{_ALONGSIDE})\s*(?=\w).+$")
_LISTED = re.compile(r"[|,]")
_JOINED = re.compile(
    rf"[|,;/&+×·・、]|\s(?:x|and|vs\.?|meets|및)\s|(?:(?<=[가-힣])|\s)[와과]\s"
    rf"|[\s(\[](?:{_ALONGSIDE})\s"
)


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
        if not other_releases(remark).keys() <= SOLD_TOGETHER:
            break
        remarks.insert(0, " ".join(remark.split()))
        title = before
    return title, ", ".join(remarks) or None


def normalised_title(text: str) -> str:
    """The letters and digits of a text (NFKC, casefolded), without spaces, punctuation, symbols.

    An empty pair of brackets stays, as it is all that tells "DREAM( )SCAPE" from "DREAMSCAPE".
    A text of symbols only stays as it is, without spaces.
    """
    folded = comparable(text)
    pieces = ["".join(filter(str.isalnum, piece)) for piece in _EMPTY_BRACKETS.split(folded)]
    return "()".join(pieces) or "".join(folded.split())


def same_title(a: str, b: str) -> bool:
    """Whether two printed titles name the same release: "촉(Choke)" equals "Choke".

    Equal are: the whole titles; a title without brackets and a part of the other; all parts.
    A repackage or deluxe edition never equals the plain album, nor does a live, instrumental or
    remixed one, or one in another language.
    """
    if normalised_title(a) == normalised_title(b):
        return True
    if own_release_words(a) != own_release_words(b) or other_releases(a) != other_releases(b):
        return False
    parts_a, parts_b = title_parts(a), title_parts(b)
    if len(parts_a) == 1 or len(parts_b) == 1:
        return bool(parts_a & parts_b)
    return parts_a == parts_b


def title_parts(text: str) -> frozenset[str]:
    """The normalised parts of a title outside and inside its brackets, without empty ones."""
    kept = _EMPTY_BRACKETS.sub("\0", comparable(text))
    parts = [(m.group(1) or m.group(2) or "") for m in _BRACKETED.finditer(kept)]
    parts.append(_BRACKETED.sub(" ", kept))
    parts = [part.replace("\0", "()") for part in parts if not OWN_RELEASE_WORD.fullmatch(part)]
    named = {normalised_title(part) for part in parts if any(map(str.isalnum, part))}
    return frozenset(named) or frozenset({normalised_title(text)})


def title_similarity(a: str, b: str) -> float:
    """How alike the normalised titles are, 0.0 to 1.0: difflib's ratio, the same both ways."""
    first, second = sorted((normalised_title(a), normalised_title(b)))
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def same_artist(act: str, credit: str) -> bool:
    """Whether a credit names the act: "VIXX" in "빅스 (VIXX)", "B" in "A, B", "A" in "A & B".

    Who is featured ("A feat. B", "A with B") is a guest: the album is A's. A shop may credit more
    than the act, so "A" is the act of "A & B", but not the duo "A & B" that of an album by "A".
    """
    if normalised_title(act) == normalised_title(credit):
        return True
    wanted, offered = _without_guests(act), _without_guests(credit)
    acts = _joined_acts(wanted)
    given = _artist_names(offered).union(*_joined_acts(offered))
    if _artist_names(wanted) & given:
        return True
    everybody = frozenset[str]().union(*_joined_acts(comparable(credit)))
    return len(acts) > 1 and all(names & everybody for names in acts)


def without_featured(title: str) -> str:
    """The title, comparable, without "(feat. Somebody)", "ft. Somebody", "(Prod. Somebody)"."""
    return _FEATURED_IN_TITLE.sub("", comparable(title))


def own_release_words(text: str) -> set[str]:
    """Which of "repackage" and "deluxe" the title says, in whatever spelling."""
    plain = (
        "deluxe" if m.group().lower().startswith("del") else "repackage"
        for m in OWN_RELEASE_WORD.finditer(comparable(text))
    )
    return set(plain)


def without_own_release_words(text: str) -> str:
    """The title without such words; as it is if nothing else is left."""
    rest = _BRACKETED_OWN_RELEASE_WORD.sub(" ", text)
    return rest if any(map(str.isalnum, rest)) else text


def _artist_names(text: str) -> frozenset[str]:
    pieces = [normalised_title(text)], *map(title_parts, _LISTED.split(text))
    return frozenset[str]().union(*pieces) - {""}


def _joined_acts(text: str) -> list[frozenset[str]]:
    """The names of each act that is credited, the acts in their order."""
    pieces = [piece for piece in _JOINED.split(text) if any(map(str.isalnum, piece or ""))]
    return [title_parts(piece) for piece in pieces]


def _without_guests(credit: str) -> str:
    """The credit, comparable, without who is featured; as it is if nobody else is named."""
    rest = _GUESTS_BEHIND.sub("", _GUESTS_IN_BRACKETS.sub(" ", comparable(credit)))
    return rest if any(map(str.isalnum, rest)) else comparable(credit)
