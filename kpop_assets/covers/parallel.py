"""Work on many pictures with all processor cores, a few at a time."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")


def in_parallel(
    work: Callable[[Given], Made], items: Iterable[Given], threads: int | None = None
) -> Iterator[Made]:
    """Yield `work(item)` for each item, in order, from `threads` threads (one a core).

    At most two results a thread are made ahead of the one asked for, however many items there are.
    An exception of `work` comes out in its turn; the items after it are not begun.
    """
    threads = threads or os.cpu_count() or 1
    source = iter(items)
    with ThreadPoolExecutor(threads) as pool:
        ahead: deque[Future[Made]] = deque()
        try:
            ahead.extend(pool.submit(work, item) for item in islice(source, 2 * threads))
            while ahead:
                result = ahead.popleft().result()
                ahead.extend(pool.submit(work, item) for item in islice(source, 1))
                yield result
        finally:
            for waiting in ahead:
                waiting.cancel()
