"""Whether an album that a site offers is the album of the chart: a score with its reason.

Follows advice proven in public collectors: compare NFKC, casefolded, without spaces and
punctuation, and the parts inside and outside brackets separately; ask for the right artist under
any of its names; a repackage is an album of its own, and so is another part.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kpop_assets.sites.matching.other_releases import other_releases, with_plain_words
from kpop_assets.sites.matching.title_numbers import (
    bare_numbers,
    part_numbers,
    searchable_title,
    series_numbers,
    without_series,
)
from kpop_assets.sites.matching.titles import (
    normalised_title,
    own_release_words,
    same_artist,
    same_title,
    split_version_remark,
    title_similarity,
    without_featured,
    without_own_release_words,
)

GOOD_ENOUGH = 0.75
"""From this score on an album is taken. Albums of a series ("LOVE YOURSELF 轉 'Tear'" and "...
承 'Her'") reach 0.7 at most, a title with one letter in ten mistyped 0.81."""

MOST_LETTERS = 300
"""Of a name, so many letters are compared."""

MOST_CANDIDATES = 4
"""So many albums of one search are looked at more closely."""

SAME, SAME_IN_BRACKETS, SAME_BUT_FOR_SERIES = 1.0, 0.97, 0.95
MOST_WHERE_ONE_HOLDS_THE_OTHER = 0.7
MOST_OF_ANOTHER_RELEASE = 0.5
LIKE_WORD = 0.75
OTHER_ARTIST_FACTOR = 0.5
OTHER_YEAR = 0.02
"""Taken off where the years are more than one apart: a chart year may follow a release year."""


@dataclass(frozen=True)
class Candidate:
    """An album that a site offers; `picture` is the address of its picture, "" if not known yet."""

    album_id: str
    artist: str
    title: str
    year: int | None = None
    picture: str = ""


@dataclass(frozen=True)
class Wanted:
    """An album of the chart: its artist, title without version remark, and first chart year.

    `thumbnail` is the address of the chart's picture, `settled` what melon_albums.csv says.
    """

    artist: str
    title: str
    year: int | None = None
    aliases: tuple[str, ...] = ()
    thumbnail: str | None = None
    settled: str | None = None

    @property
    def artists(self) -> tuple[str, ...]:
        """All names of the artist, the chart's first."""
        return tuple(dict.fromkeys((self.artist, *self.aliases)))

    @property
    def search_words(self) -> tuple[str, str]:
        """Artist and title for a shop's search: the last, Latin name, and no "The 2nd Album"."""
        return self.artists[-1], searchable_title(self.title)


@dataclass(frozen=True)
class Match:
    """How well an album fits: `score` 0.0 to 1.0, why, and whether artist and title are equal."""

    score: float
    reason: str
    exact: bool = False

    @property
    def good_enough(self) -> bool:
        """Whether the album is taken."""
        return self.score >= GOOD_ENOUGH


@dataclass(frozen=True)
class Scored:
    """A candidate with its match."""

    candidate: Candidate
    match: Match


def match(wanted: Wanted, candidate: Candidate) -> Match:
    """How well the candidate fits the wanted album; 1.0 for the same artist, title and year.

    Version remarks and featured guests of either title do not count, but words that make another
    release of it (other_releases.py) do. Without aliases, and for credits of one act, the score is
    symmetric.
    """
    title, offered = (_compared(text[:MOST_LETTERS]) for text in (wanted.title, candidate.title))
    found = _title_match(title, offered)
    artists = (*wanted.artists, candidate.artist)
    names = {normalised_title(name[:MOST_LETTERS]) for name in artists} - {""}
    if not found.good_enough:
        plain = _without_artist(title, names), _without_artist(offered, names)
        if plain != (title, offered) and (again := _title_match(*plain)).good_enough:
            score = min(again.score, SAME_BUT_FOR_SERIES)
            found = Match(score, "the same but for the artist's name in front")
    years = (wanted.year, candidate.year)
    if None not in years and abs((wanted.year or 0) - (candidate.year or 0)) > 1:
        reason = f"{found.reason}; of {candidate.year}, wanted for {wanted.year}"
        found = replace(found, score=max(found.score - OTHER_YEAR, 0.0), reason=reason)
    by = candidate.artist[:MOST_LETTERS]
    if candidate.artist in wanted.artists or any(
        same_artist(name[:MOST_LETTERS], by) for name in wanted.artists
    ):
        return found
    return Match(found.score * OTHER_ARTIST_FACTOR, f"another artist; {found.reason}")


def ranked(candidates: Iterable[Candidate], wanted: Wanted) -> list[Scored]:
    """The candidates with their matches, best first; equals stay in the site's order."""
    scored = [Scored(candidate, match(wanted, candidate)) for candidate in candidates]
    return sorted(scored, key=lambda each: -each.match.score)


def taken(scored: Sequence[Scored]) -> list[Scored]:
    """Those that are good enough, MOST_CANDIDATES at most."""
    return [each for each in scored if each.match.good_enough][:MOST_CANDIDATES]


def _compared(title: str) -> str:
    return split_version_remark(with_plain_words(without_featured(title)))[0]


def _title_match(a: str, b: str) -> Match:
    if a == b:
        return Match(SAME, "the same title", exact=True)
    likeness = title_similarity(a, b)
    if difference := _other_release(a, b):
        return Match(min(likeness, MOST_OF_ANOTHER_RELEASE), difference)
    if normalised_title(a) == normalised_title(b):
        return Match(SAME, "the same title", exact=True)
    if same_title(a, b):
        return Match(SAME_IN_BRACKETS, "the same title in brackets", True)
    if bare_numbers(a) != bare_numbers(b):
        return Match(
            min(likeness, MOST_OF_ANOTHER_RELEASE),
            f"other numbers in the title: {_listed(bare_numbers(b))}, "
            f"not {_listed(bare_numbers(a))}",
        )
    plain_a, plain_b = (without_own_release_words(without_series(text)) for text in (a, b))
    if same_title(plain_a, plain_b):
        return Match(SAME_BUT_FOR_SERIES, "the same but for remarks such as 'The 2nd Album'")
    likeness = title_similarity(plain_a, plain_b)
    short, long = sorted((normalised_title(plain_a), normalised_title(plain_b)), key=len)
    if short in long:
        score = min(likeness, MOST_WHERE_ONE_HOLDS_THE_OTHER)
        return Match(score, "one title is a piece of the other")
    score = likeness**2
    if not _every_word_has_its_like(plain_a, plain_b):
        score = min(score, MOST_WHERE_ONE_HOLDS_THE_OTHER)
    return Match(score, f"titles are {likeness:.0%} alike")


def _every_word_has_its_like(a: str, b: str) -> bool:
    """Whether the words that only one title has are misspellings of words that only the other has.

    "LOVE YOURSELF 'Her'" and "LOVE YOURSELF 'Tear'" are much alike, and two albums.
    """
    words_a, words_b = ({normalised_title(word) for word in text.split()} for text in (a, b))
    only_a, only_b = words_a - words_b, words_b - words_a
    return all(
        max((title_similarity(word, other) for other in others), default=0.0) >= LIKE_WORD
        for words, others in ((only_a, only_b), (only_b, only_a))
        for word in words
    )


def _other_release(a: str, b: str) -> str | None:
    if own_release_words(a) != own_release_words(b):
        return "a repackage or deluxe edition is another release"
    others_a, others_b = other_releases(a), other_releases(b)
    if others_a != others_b:
        return f"another release: {_listed(others_b)}, not {_listed(others_a)}"
    parts_a, parts_b = part_numbers(a), part_numbers(b)
    if parts_a != parts_b:
        return f"another part: {_listed(parts_b)}, not {_listed(parts_a)}"
    names = [normalised_title(text) for text in (a, b)]
    if names[0] != names[1] and names[0].replace("()", "") == names[1].replace("()", ""):
        return "empty brackets are all that tells two releases apart"
    series_a, series_b = dict(series_numbers(a)), dict(series_numbers(b))
    for kind in series_a.keys() & series_b.keys():
        if series_a[kind] != series_b[kind]:
            return f"another {kind} of the artist: number {series_b[kind]}, not {series_a[kind]}"
    return None


def _listed(numbers: Iterable[str]) -> str:
    return " and ".join(sorted(numbers)) or "none"


def _without_artist(title: str, names: set[str]) -> str:
    """The title without words in front that are the artist's name."""
    words = title.split()
    for count in range(len(words) - 1, 0, -1):
        if normalised_title(" ".join(words[:count])) in names:
            return " ".join(words[count:])
    return title
