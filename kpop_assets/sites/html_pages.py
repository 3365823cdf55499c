"""HTML that a site sent, parsed within bounds.

Parsing takes time that grows with the square of how deep elements nest: a page of a few megabytes
that does nothing but open elements would take hours, with no deadline that could end it.
"""

from __future__ import annotations

import re
from collections import Counter

from selectolax.lexbor import LexborHTMLParser

from kpop_assets.sites.errors import PageFormatError

MAX_PAGE_BYTES = 4 * 2**20
MAX_NESTING = 5000
"""Pages of the sites nest some dozens of elements."""

_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_NEVER_NEST = frozenset(("body", "br", "dd", "dt", "embed", "head", "hr", "img", "li", "meta", "p"))
"""Elements without content, and those that another one of their kind ends, in SVG, too."""


def parsed_page(html: str, page: str) -> LexborHTMLParser:
    """The tree of a page; raises PageFormatError for one too large or nested too deep."""
    if len(html) > MAX_PAGE_BYTES:
        raise PageFormatError(page, f"at most {MAX_PAGE_BYTES:,} letters", f"{len(html):,}")
    open_elements: Counter[str] = Counter()
    for closes, name in _TAG.findall(html):
        open_elements[name.lower()] += -1 if closes else 1
    nested = sum(n for name, n in open_elements.items() if n > 0 and name not in _NEVER_NEST)
    if nested > MAX_NESTING:
        raise PageFormatError(
            page, f"at most {MAX_NESTING:,} elements that are not closed", f"{nested:,}"
        )
    return LexborHTMLParser(html)
