"""The words on a cover: a chart title taken apart into what is printed large and what small."""

import re
from dataclasses import dataclass

import numpy as np

_EDITION = re.compile(
    r"^(the\s+)?(\d+(st|nd|rd|th)\s+)?((mini|special|best|full)\s+)?album(\s+repackage)?$"
    r"|repackage|리패키지|^\d+집$|미니앨범|스페셜 앨범|special album"
    r"|special edition|limited edition",
    re.IGNORECASE,
)
_LEADING_VOLUME = re.compile(r"^(정규\s?\d+집(?:\s리패키지)?|\d+집)\s+(.+)$")
_QUOTED = re.compile(r"^(.*?)\s*[`‘](.+)[`’]$")
_BRACKETED = re.compile(r"^(.+?)\s*\(([^()]*[^()\s][^()]*)\)\s*(.*)$")
_INVENTED_EDITIONS = (
    "THE 1ST MINI ALBUM",
    "THE 2ND ALBUM REPACKAGE",
    "5TH MINI ALBUM",
    "3RD FULL ALBUM",
    "SPECIAL ALBUM",
    "DIGITAL SINGLE",
    "2ND SINGLE ALBUM",
    "4TH MINI ALBUM",
    "정규 1집",
    "미니 3집",
)
_PLAIN_EDITIONS = ("ALBUM", "STEREO", "NEW ALBUM", "LIMITED PRESSING", "앨범")


@dataclass(frozen=True)
class Words:
    """What a cover prints: artist and title large, the rest small ("" where there is none)."""

    artist: str
    title: str
    alias: str
    edition: str
    year: str


def _is_edition(text: str) -> bool:
    return bool(_EDITION.search(text.strip()))


def split_title(title: str) -> tuple[str, str, str]:
    """Main title, alias (another name or version) and edition; the last two may be "".

    Snapshot titles look like `XOXO (Kiss Ver.)`, `3RD ALBUM ‘An Ode’`, `Odd - The 4th Album`,
    `정규1집 리패키지 XOXO`.
    """
    main = re.sub(r"(?<=[A-Za-z])`(?=[A-Za-z])", "’", title).strip()
    alias, edition = "", ""
    if found := _LEADING_VOLUME.match(main):
        edition, main = found[1], found[2]
    if " - " in main:
        head, tail = main.rsplit(" - ", 1)
        version = _BRACKETED.match(tail)
        bare = version[1] if version else tail
        if _is_edition(bare):
            main, edition = head, bare
            alias = version[2] if version else ""
    if found := _QUOTED.match(main):
        outside, inside = found[1].strip(), found[2].strip()
        if _is_edition(outside):
            main, edition = inside, outside
        else:
            main, alias = outside or inside, inside if outside else alias
    while found := _BRACKETED.match(main):
        inside = found[2].strip()
        main = f"{found[1]} {found[3]}".strip()
        if _is_edition(inside):
            edition = edition or inside
        else:
            alias = inside if not alias else f"{inside} / {alias}"
    if main.endswith(" Repackage"):
        main, edition = main.removesuffix(" Repackage"), "Repackage"
    return main.strip("; ") or title, alias, edition


def printed_words(
    artist: str, title: str, year: int | None, invented: bool, rng: np.random.Generator
) -> Words:
    """The words of a cover; an edition line is made up only for invented releases."""
    main, alias, edition = split_title(title)
    choices = _INVENTED_EDITIONS if invented else _PLAIN_EDITIONS
    spare = choices[int(rng.integers(len(choices)))]
    return Words(artist, main, alias, edition or spare, str(year) if year else "")
