"""The root of every named error of the project."""

from kpop_assets.text import printable


class KpopAssetsError(Exception):
    """Base of all named errors: the message says what was expected, what came and what to do.

    Names from outside may be in it, so control characters of the message are escaped.
    """

    def __str__(self) -> str:
        return printable(super().__str__())
