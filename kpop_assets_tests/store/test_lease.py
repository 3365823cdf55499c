"""One run at a time uses a folder of a store on S3."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import FolderBusyError
from kpop_assets.store.s3.lease import Lease
from kpop_assets.store.sole_use import sole_use
from kpop_assets_tests.object_store import environment_of
from kpop_assets_tests.store.test_object_store import names_in


def test_one_run_at_a_time_uses_a_folder(store: Store) -> None:
    folder = store.folder("checkpoints", "girl")
    with sole_use(folder, "a training"):
        with (
            pytest.raises(FolderBusyError, match=r"a training is going on already.*wait"),
            sole_use(folder, "a training"),
        ):
            pass
        with sole_use(store.folder("checkpoints", "boy"), "a training"):
            pass
    with sole_use(folder, "a training"):
        pass
    assert names_in(store) == []


HOLD = """
import sys, time
from kpop_assets.store.artifacts import Store
from kpop_assets.store.s3.lease import Lease
assert Lease(Store(sys.argv[1]).folder("checkpoints", "girl"), 3.0, 0.3).acquired()
print("held", flush=True)
time.sleep(600)
"""


def holder(store: Store, port: int, temporary: Path) -> subprocess.Popen[str]:
    """A process that holds a lease; those with another temporary folder count as elsewhere."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(store.root)],
        env={**environment_of(port), "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    return process


def test_a_lease_of_another_machine_holds_as_long_as_it_is_renewed(
    store: Store, server: int, tmp_path: Path
) -> None:
    folder = store.folder("checkpoints", "girl")
    process = holder(store, server, tmp_path)
    assert not Lease(folder, 3.0, 0.3).acquired()
    process.kill()
    process.wait()
    lease = Lease(folder, 3.0, 0.3)
    killed = time.monotonic()
    assert lease.acquired()
    assert time.monotonic() - killed > 2.5
    lease.release()


def test_a_lease_of_a_killed_process_of_this_machine_is_free_at_once(
    store: Store, server: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder = store.folder("checkpoints", "girl")
    process = holder(store, server, tmp_path)
    assert not Lease(folder).acquired()
    process.kill()
    process.wait()
    lease = Lease(folder)
    killed = time.monotonic()
    assert lease.acquired()
    assert time.monotonic() - killed < 20
    lease.release()
