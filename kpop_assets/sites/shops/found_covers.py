"""A cover as a site gives it, how one is chosen among a site's albums, and why there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from kpop_assets.sites.errors import PageFormatError, SiteError
from kpop_assets.sites.http.session import SiteResponse, SiteSession, SiteUnreachableError
from kpop_assets.sites.http.validators import Validator
from kpop_assets.sites.matching.album_match import Candidate, Match, Scored, Wanted, ranked, taken

PICTURE_STARTS = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF", b"GIF8")
MOST_RESULTS = 100
"""So many results of a search are compared; sites send at most 25 when asked as they are here."""

ABSENT_STATUSES = (400, 404, 410)
"""What sites answer for what they do not have. A picture host may say 403 of a single size."""


class CoverNotFoundError(SiteError):
    """A source has no usable cover of an album: a short reason, and what it offered instead.

    `candidates` are the albums that do not fit well enough, best first.
    """

    def __init__(self, reason: str, candidates: Sequence[Scored] = ()) -> None:
        super().__init__(reason)
        self.candidates = tuple(candidates)


class NoSearchResultError(CoverNotFoundError):
    """A source's search found no album at all."""


class SourceFailedError(SiteError):
    """A source could not be asked or understood; the cause says why. `source` is its name."""

    def __init__(self, source: str, why: str) -> None:
        super().__init__(why)
        self.source = source


@dataclass(frozen=True)
class FoundCover:
    """A cover as a source sends it: encoded picture bytes, where they come from, how it fits.

    `note` says what was odd about it; `album_id` is the source's own.
    """

    source: str
    content: bytes
    image_address: str
    page_address: str
    album_id: str
    matched_artist: str
    matched_title: str
    match: Match
    note: str | None = None
    validator: Validator = field(default_factory=Validator)


def best_cover(
    candidates: Iterable[Candidate], wanted: Wanted, cover_of: Callable[[Scored], FoundCover]
) -> FoundCover:
    """The cover of the best candidate that fits and has one.

    Notes candidates before it that could not be read. Raises CoverNotFoundError with all reasons,
    PageFormatError where no candidate that fits could be read.
    """
    good = _chosen(candidates, wanted)
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
    session: SiteSession, addresses: Iterable[str], headers: Mapping[str, str]
) -> tuple[str, SiteResponse]:
    """The first of the addresses that holds a picture, and what it holds.

    Raises CoverNotFoundError where the host says that it has none, SiteUnreachableError where it
    fails, refuses (also by its robots.txt), or sends something else.
    """
    for address in addresses:
        if refusal := session.robots_refusal(address):
            raise SiteUnreachableError(
                f"{address}: expected that it may be fetched, but {refusal}; see KPOP_ROBOTS in "
                "the README",
                status=403,
            )
        picture = session.get(address, headers=headers)
        if picture.status == 200 and picture.content.startswith(PICTURE_STARTS):
            return address, picture
        if picture.status >= 500 or picture.status == 429:
            break
    came = "not a picture" if picture.status == 200 else f"HTTP {picture.status}"
    if picture.status in ABSENT_STATUSES:
        raise CoverNotFoundError(f"picture could not be read: {came}")
    raise SiteUnreachableError(f"{address}: expected a picture, but {came} came", picture.status)


def _chosen(candidates: Iterable[Candidate], wanted: Wanted) -> list[Scored]:
    scored = ranked(islice(candidates, MOST_RESULTS), wanted)
    if good := taken(scored):
        return good
    if not scored:
        raise NoSearchResultError("no search result")
    best = scored[0]
    raise CoverNotFoundError(
        f"{len(scored)} result{'' if len(scored) == 1 else 's'}, none close enough (best: "
        f"{best.candidate.artist}, {best.candidate.title}: {best.match.score:.2f}, "
        f"{best.match.reason})",
        scored,
    )
