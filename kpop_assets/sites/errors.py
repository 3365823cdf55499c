"""The named errors of the sites."""

from __future__ import annotations

from kpop_assets.errors import KpopAssetsError
from kpop_assets.text import printable


def is_passing(status: int) -> bool:
    """Return whether another answer may come later than this HTTP status of a failure."""
    return status >= 500 or status in (408, 425, 429)


class SiteError(KpopAssetsError):
    """Base of every error of a site."""


class SiteUnreachableError(SiteError):
    """A page did not come: no connection, a timeout, or an HTTP status other than 200.

    `status` is that status; refusals and pages that are not there will not pass.
    """

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.may_pass = status is None or is_passing(status)


class ResponseTooLargeError(SiteError):
    """A response was longer than allowed and was cut off."""


class HostRefusedError(SiteError):
    """A page, or where it redirects to, is at a host that this program does not connect to."""


class HostNotInSampleError(HostRefusedError):
    """In the sample world a host was asked for that the sample site does not answer for."""


class PrivateAddressError(HostRefusedError):
    """A page or a redirect leads to an address that is not public."""


class PageFormatError(SiteError):
    """A page came but is not in the expected format: names the page and what was missing.

    `came` is fit for a terminal or a log, whatever the page holds.
    """

    def __init__(self, page: str, expected: str, came: str) -> None:
        super().__init__(
            f"{page}: expected {expected}, but {came} came. "
            "The site may have changed its pages: compare with the facts in the module that reads "
            "it."
        )
        self.page = page
        self.expected = expected
        self.came = printable(came)
