"""How far an asset of many covers is, told in its log."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")

TOLD_EVERY = 2_000


def with_progress(
    items: Iterable[Item], total: int, done: str, log: Callable[[str], object]
) -> Iterator[Item]:
    """Yield the items, and tell the log every TOLD_EVERY of them how many of `total` are done."""
    for count, item in enumerate(items, 1):
        yield item
        if count % TOLD_EVERY == 0:
            log(f"{count:,} of {total:,} {done}")
