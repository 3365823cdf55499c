"""Work on many pictures as tasks of a Ray cluster, in order, a few at a time."""

import logging
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from ray import ObjectRef

Given = TypeVar("Given")
Made = TypeVar("Made")

BATCH = 16
"""Pictures a task: handing one over costs milliseconds, as much as a small picture's work."""
AHEAD_OF_EACH_CORE = 2
_IN_A_JOB = "RAY_JOB_CONFIG_JSON_ENV_VAR"
"""Ray sets it for the programs of its jobs."""


def cluster_is_there() -> bool:
    """Return whether this process is a job of a Ray cluster, or has connected itself to one."""
    ray = sys.modules.get("ray")
    return _IN_A_JOB in os.environ or (ray is not None and ray.is_initialized())


def as_ray_tasks(work: Callable[[Given], Made], items: Iterable[Given]) -> Iterator[Made]:
    """Yield `work(item)` for each item, in order, from tasks of one core each.

    A task that dies with its node is run again elsewhere by Ray. While the next results are not
    there, they are worked on here as well: the cores of a cluster may all be those of jobs that
    wait. A task whose result is not needed any more runs to its end: cancelling one that just ends
    brought Ray 2.60 down. An exception of `work` comes out in its turn. Arrays that come back
    cannot be written to.
    """
    import ray

    if not ray.is_initialized():
        ray.init(
            address=os.environ["RAY_ADDRESS"], log_to_driver=False, logging_level=logging.WARNING
        )
    shared = ray.put(work)
    task: Any = ray.remote(_made)
    source = iter(items)
    most = AHEAD_OF_EACH_CORE * max(1, int(ray.cluster_resources().get("CPU", 1)))
    ahead: deque[tuple[ObjectRef[_Outcome[Made]], list[Given]]] = deque()

    def begin_another() -> None:
        if batch := list(islice(source, BATCH)):
            ahead.append((task.remote(shared, batch), batch))

    for _ in range(most):
        begin_another()
    while ahead:
        outcome = _first_ready(work, *ahead[0])
        ahead.popleft()
        begin_another()
        yield from outcome.made
        if outcome.error is not None:
            raise outcome.error


class _Outcome(Generic[Made]):
    """What was made of a batch, and what its next item raised, if it did."""

    def __init__(self) -> None:
        self.made: list[Made] = []
        self.error: Exception | None = None

    def add(self, work: Callable[[Given], Made], item: Given) -> bool:
        """Work on the next item; return whether it raised nothing."""
        try:
            self.made.append(work(item))
        except Exception as error:
            self.error = error
        return self.error is None


def _made(work: Callable[[Given], Made], batch: list[Given]) -> _Outcome[Made]:
    outcome: _Outcome[Made] = _Outcome()
    for item in batch:
        if not outcome.add(work, item):
            break
    return outcome


def _first_ready(
    work: Callable[[Given], Made], task: "ObjectRef[_Outcome[Made]]", batch: list[Given]
) -> _Outcome[Made]:
    """Return what the task made of the batch, or what was made of it here before."""
    import ray

    outcome: _Outcome[Made] = _Outcome()
    for item in batch:
        ready, _ = ray.wait([task], timeout=0)
        if ready:
            return ray.get(task)
        if not outcome.add(work, item):
            break
    return outcome
