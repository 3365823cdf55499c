"""The root of every named error of the project."""

from typing import Any

from kpop_assets.text import printable


class KpopAssetsError(Exception):
    """Base of all named errors: the message says what was expected, what came and what to do.

    Names from outside may be in it, so control characters of the message are escaped. It is the
    same error after it was pickled, whatever its class is made from. `may_pass` says whether the
    same may succeed later although nobody does anything.
    """

    may_pass: bool = False

    def __str__(self) -> str:
        return printable(super().__str__())

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickled, (type(self), self.args), self.__dict__


def _unpickled(kind: type[KpopAssetsError], args: tuple[object, ...]) -> KpopAssetsError:
    return kind.__new__(kind, *args)
