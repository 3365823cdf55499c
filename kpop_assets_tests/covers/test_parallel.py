import threading
import time
from collections.abc import Iterator

import pytest

from kpop_assets.covers.parallel import in_parallel


def test_results_come_in_the_order_of_the_items() -> None:
    def slow_first(item: int) -> int:
        time.sleep(0.05 if item == 0 else 0)
        return item * item

    assert list(in_parallel(slow_first, range(20), threads=4)) == [n * n for n in range(20)]
    assert list(in_parallel(slow_first, [])) == []


def test_items_are_worked_on_at_the_same_time() -> None:
    both_there = threading.Barrier(2, timeout=10)
    assert len(list(in_parallel(lambda _: both_there.wait(), range(2), threads=2))) == 2


def test_few_results_are_made_ahead_however_many_items_there_are() -> None:
    taken = 0

    def items() -> Iterator[int]:
        nonlocal taken
        while True:
            taken += 1
            yield taken

    results = in_parallel(lambda item: item, items(), threads=3)
    assert [next(results) for _ in range(5)] == [1, 2, 3, 4, 5]
    assert taken <= 5 + 2 * 3
    results.close()


def test_an_exception_comes_out_in_its_turn() -> None:
    results = in_parallel(lambda item: 6 // item, [3, 2, 0, 1], threads=2)
    assert [next(results), next(results)] == [2, 3]
    with pytest.raises(ZeroDivisionError):
        next(results)
