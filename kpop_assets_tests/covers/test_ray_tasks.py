"""Pictures as tasks of a real Ray cluster: what comes back is what this machine would have made."""

import time
from collections.abc import Iterator

import numpy as np
import pytest
import ray

from kpop_assets.covers.parallel import FEW, in_parallel, map_pictures
from kpop_assets.covers.ray_tasks import AHEAD_OF_EACH_CORE, BATCH, cluster_is_there
from kpop_assets.covers.unreadable import UnreadablePictureError
from kpop_assets.insight.measuring.profile import profile
from kpop_assets.store.errors import StoredPictureError
from kpop_assets_tests.conftest import drawn_cover

CORES = 2


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_AUTH_MODE", "disabled")  # otherwise Ray writes a token into ~
        ray.init(num_cpus=CORES, include_dashboard=False, log_to_driver=False)
        yield
        ray.shutdown()


@pytest.mark.slow
@pytest.mark.usefixtures("cluster")
class TestOnACluster:
    def test_results_come_in_the_order_of_the_items(self) -> None:
        def slow_first(item: int) -> int:
            time.sleep(0.2 if item == 0 else 0)
            return item * item

        assert list(map_pictures(slow_first, range(200))) == [n * n for n in range(200)]
        assert list(map_pictures(slow_first, [])) == []

    def test_many_pictures_are_worked_on_in_other_processes_too(self) -> None:
        import os

        here = os.getpid()

        def where(_: int) -> int:
            time.sleep(0.02)
            return os.getpid()

        assert set(map_pictures(where, range(FEW))) == {here}
        assert any(process != here for process in map_pictures(where, range(5_000)))

    def test_few_results_are_made_ahead_however_many_items_there_are(self) -> None:
        taken = 0

        def items() -> Iterator[int]:
            nonlocal taken
            while True:
                taken += 1
                yield taken

        results = map_pictures(lambda item: item, items())
        assert [next(results) for _ in range(5)] == [1, 2, 3, 4, 5]
        assert taken <= 5 + FEW + (CORES * AHEAD_OF_EACH_CORE + 1) * BATCH
        results.close()

    def test_an_exception_comes_out_in_its_turn(self) -> None:
        results = map_pictures(lambda item: 6 // (item - 50), range(100))
        assert [next(results) for _ in range(50)] == [6 // (item - 50) for item in range(50)]
        with pytest.raises(ZeroDivisionError):
            next(results)

    def test_named_errors_come_back_as_results_with_their_reason(self) -> None:
        def refused(item: int) -> Exception:
            time.sleep(0.02)
            if item % 2:
                return UnreadablePictureError(f"{item} is odd")
            return StoredPictureError("here.jpg", f"{item} is even")

        for item, error in enumerate(map_pictures(refused, range(100))):
            assert isinstance(error, UnreadablePictureError if item % 2 else StoredPictureError)
            assert error.reason == f"{item} is {'odd' if item % 2 else 'even'}"
            assert str(error) == str(refused(item))

    def test_covers_have_the_measures_that_they_have_on_this_machine(self) -> None:
        covers = [(str(seed), np.asarray(drawn_cover(seed))) for seed in range(60)]
        on_the_cluster = profile(covers)
        ray.shutdown()
        assert not cluster_is_there()
        assert profile(covers).equals(on_the_cluster)


def test_without_a_cluster_nothing_changes() -> None:
    work = str
    assert list(map_pictures(work, range(100))) == list(in_parallel(work, range(100)))
