"""Work on many pictures with all processor cores, a few at a time."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, islice
from typing import TypeVar

from kpop_assets.covers.ray_tasks import as_ray_tasks, cluster_is_there

Given = TypeVar("Given")
Made = TypeVar("Made")

FEW = 32
"""As many pictures are done here before a cluster has begun."""


def map_pictures(work: Callable[[Given], Made], items: Iterable[Given]) -> Iterator[Made]:
    """Yield `work(item)` for each item, in order, from this machine's cores or a cluster's.

    In a step that is a job of a Ray cluster, more than FEW items become tasks of it; then `work`,
    items and results are pickled. A bounded number of results is made ahead of the one asked for.
    An exception of `work` comes out in its turn.
    """
    if not cluster_is_there():
        return in_parallel(work, items)
    source = iter(items)
    first = list(islice(source, FEW + 1))
    chosen = as_ray_tasks if len(first) > FEW else in_parallel
    return chosen(work, chain(first, source))


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
