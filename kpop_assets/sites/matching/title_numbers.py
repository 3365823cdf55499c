"""Numbers in album titles that tell releases apart, and remarks that tell nothing.

"화양연화 pt.1" and "화양연화 pt.2" are two albums; "Odd - The 4th Album" and "Odd" are one.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from kpop_assets.text import comparable

_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NO_LETTER_BEFORE = r"(?<![^\W\d_])"
_PART = re.compile(
    rf"""{_NO_LETTER_BEFORE}
        (?: pt|part|chapter|ch|episode|season|act|lane|phase|disc|book|step|minisode|vol|volume
            |파트|챕터|시즌|볼륨 )
        (?: \s?[.:#-]?\s?(\d+) | [\s.:#-]+([ivx]+|{"|".join(_WORDS)}) ) (?!\w)
    | (\d+) \s? (?:부|막|장|편|탄) (?!\w)
    | [(\[] \s? (\d{{1,2}}|[ivx]+) \s? [)\]]
    """,
    re.VERBOSE,
)
_SERIES = re.compile(
    r"""(?: 정규|미니|mini|single|싱글|스페셜 )? \s? (?:앨범|album)? \s? (?:제\s?)?
        (?P<number>\d+) \s? 집 (?!\w)
    | (?:the\s)? (?P<nth>\d+) (?:st|nd|rd|th) \s
        (?: (?:mini|single|full|studio|special|regular) \s )* (?:album|ep|single) (?!\w)
    | (?:the\s)? (?:mini\salbum\s)? vol(?:ume)? \.? \s? (?P<volume>\d+) (?=\W+\w)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_KIND_OF_ALBUM = re.compile(
    r"(?:mini|single|special|full|studio|best|debut|regular)\s+album(?!\w)|special\s+edition"
    r"|(?:미니|정규|싱글|스페셜|베스트)\s*앨범|\s-\sep$",
    re.IGNORECASE,
)
_BARE = re.compile(rf"\d+|{_NO_LETTER_BEFORE}(?:i[iv]|iii|v?i{{2,3}}|vi|ix|xi{{1,3}})(?!\w)")


def part_numbers(title: str) -> Counter[str]:
    """The numbers of parts in a title: "pt.2", "Chapter II", "Vol. 2" at its end, "(2)", "2부"."""
    return Counter(map(_part_number, _PART.finditer(_SERIES.sub(" ", comparable(title)))))


def series_numbers(title: str) -> frozenset[tuple[str, str]]:
    """Which album of the artist it is: "2집" and "The 2nd Album" are both ("album", "2").

    Mini albums ("미니 2집", "2nd Mini Album") and singles are counted by themselves.
    """
    found = set()
    for m in _SERIES.finditer(comparable(title)):
        remark, number = m.group(), m.group("number") or m.group("nth") or m.group("volume")
        kind = "mini" if "mini" in remark or "미니" in remark else "album"
        kind = "single" if "single" in remark or "싱글" in remark else kind
        found.add((kind, _plain(number)))
    return frozenset(found)


def bare_numbers(title: str) -> Counter[str]:
    """The numbers that are neither a part's nor the place in a series: "MAP OF THE SOUL : 7"."""
    rest = _PART.sub(" ", _SERIES.sub(" ", comparable(title)))
    return Counter(_plain(m.group()) for m in _BARE.finditer(rest))


def without_series(title: str) -> str:
    """The title without "The 4th Album", "2집", "Mini Album", " - EP", unless all of it is such.

    It is casefolded, and parts are written in one way: "Pt. II" and "Part 2" become "part2".
    """
    folded = comparable(title)
    rest = _KIND_OF_ALBUM.sub(" ", _SERIES.sub(" ", folded))
    kept = rest if any(map(str.isalnum, rest)) else folded
    return _PART.sub(lambda m: f" part{_part_number(m)} ", kept)


def searchable_title(title: str) -> str:
    """The title as a search is asked for it: without remarks on its place and kind."""
    folded = " ".join(unicodedata.normalize("NFKC", title).split())
    rest = _KIND_OF_ALBUM.sub(" ", _SERIES.sub(" ", folded))
    words = " ".join(rest.split()).strip(" -–:,'`‘’\"")
    return words if any(map(str.isalnum, words)) else folded


def _part_number(found: re.Match[str]) -> str:
    return _plain(next(filter(None, found.groups())))


def _plain(number: str) -> str:
    if number in _WORDS:
        return str(_WORDS.index(number) + 1)
    if number.isdecimal():
        return str(int(number[:300]))
    values = [{"i": 1, "v": 5, "x": 10}[letter] for letter in number]
    following = [*values[1:], 0]
    return str(sum(-v if v < after else v for v, after in zip(values, following, strict=True)))
