"""A cover as a site gives it, how one is chosen among a site's albums, and why there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Literal

from kpop_assets.sites.errors import PageFormatError, SiteError
from kpop_assets.sites.http.session import SiteResponse, SiteSession, SiteUnreachableError
from kpop_assets.sites.http.validators import Validator
from kpop_assets.sites.matching.album_match import Candidate, Match, Scored, Wanted, ranked, taken

Source = Literal["melon", "itunes", "deezer", "cover_art_archive", "circle"]

PICTURE_STARTS = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF", b"GIF8")
MOST_RESULTS = 100
"""So many results of a search are compared; sites send at most 25 when asked as they are here."""

ABSENT_STATUSES = (400, 404, 410)
"""What sites answer for what they do not have. A picture host may say 403 of a single size."""


class CoverNotFoundError(SiteError):
    """A site has no usable cover for an album: a short reason, and what the site offered instead.

    `candidates` are the albums that do not fit well enough, best first.
    """

    def __init__(self, reason: str, candidates: Sequence[Scored] = ()) -> None:
        super().__init__(reason)
        self.candidates = tuple(candidates)


@dataclass(frozen=True)
class FoundCover:
    """A cover as a site sends it: encoded picture bytes, where they come from, how it fits.

    `note` says what was odd about it; `album_id` is the site's own.
    """

    source: Source
    content: bytes
    image_address: str
    page_address: str
    album_id: str
    matched_artist: str
    matched_title: str
    match: Match
    note: str | None = None
    validator: Validator = field(default_factory=Validator)


def chosen(candidates: Iterable[Candidate], wanted: Wanted) -> list[Scored]:
    """The candidates that are good enough, best first; raises CoverNotFoundError without any."""
    scored = ranked(islice(candidates, MOST_RESULTS), wanted)
    good = taken(scored)
    if good:
        return good
    if not scored:
        raise CoverNotFoundError("no search result")
    best = scored[0]
    raise CoverNotFoundError(
        f"{counted(len(scored), 'result')}, none close enough (best: {best.candidate.artist}, "
        f"{best.candidate.title}: {best.match.score:.2f}, {best.match.reason})",
        scored,
    )


def first_cover(good: Sequence[Scored], cover_of: Callable[[Scored], FoundCover]) -> FoundCover:
    """The cover of the first album that has one, noting those before it that could not be read.

    Raises CoverNotFoundError with all reasons, PageFormatError where no album could be read.
    """
    reasons: list[str] = []
    refused: list[Scored] = []
    unread: list[PageFormatError] = []
    for scored in good:
        try:
            cover = cover_of(scored)
        except CoverNotFoundError as error:
            reasons.append(str(error))
            refused += error.candidates
        except PageFormatError as error:
            reasons.append(str(error))
            unread.append(error)
        else:
            notes = [cover.note, *map(str, unread)]
            return replace(cover, note="; ".join(filter(None, notes)) or None)
    if unread and len(unread) == len(good):
        raise unread[0]
    raise CoverNotFoundError("; ".join(dict.fromkeys(reasons)), refused)


def fetch_picture(
    session: SiteSession, addresses: Iterable[str], headers: Mapping[str, str] | None = None
) -> SiteResponse:
    """The first of the addresses that holds a picture.

    Raises CoverNotFoundError where the host says that it has none, SiteUnreachableError where it
    fails, refuses (also by its robots.txt), or sends something else.
    """
    address = came = "no address"
    for address in addresses:
        if refusal := session.robots_refusal(address):
            raise SiteUnreachableError(
                f"{address}: expected that it may be fetched, but {refusal}; see KPOP_ROBOTS in "
                "the README"
            )
        picture = session.get(address, headers=headers)
        if picture.status == 200 and picture.content.startswith(PICTURE_STARTS):
            return picture
        came = f"HTTP {picture.status}" if picture.status != 200 else "not a picture"
        if picture.status >= 500 or picture.status == 429:
            break
    if came.removeprefix("HTTP ") in map(str, ABSENT_STATUSES):
        raise CoverNotFoundError(f"picture could not be read: {came}")
    raise SiteUnreachableError(f"{address}: expected a picture, but {came} came")


def counted(number: int, noun: str) -> str:
    """ "1 result", "2 results"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
