"""A server of S3 that is away for a while: short, it costs time; long, it is a named error."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import StoreWriteError, UnreadableArtifactError
from kpop_assets.store.files import atomic_file
from kpop_assets.store.folders import atomic_folder, folders_in, stored_folder
from kpop_assets.store.s3 import requests
from kpop_assets.store.tables import stored_table, write_table
from kpop_assets_tests.object_store import FaultyServer
from kpop_assets_tests.relay import Relay, relay_before
from kpop_assets_tests.store.conftest import opened_store

MANY = 60


@pytest.fixture
def relay(faulty: FaultyServer) -> Iterator[Relay]:
    with relay_before(faulty.port) as relay:
        yield relay


@pytest.fixture
def relayed_store(relay: Relay, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    yield from opened_store(relay.port, monkeypatch)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "ASKED_AGAIN_S", 1.0)


def write_samples(store: Store, content: str) -> None:
    with atomic_folder(samples(store)) as folder:
        for number in range(MANY):
            (folder / f"{number}.jpg").write_text(content)


def samples(store: Store) -> Path:
    return store.folder("sample_covers", "girl")


def content_of_samples(store: Store) -> set[str]:
    folder = stored_folder(samples(store))
    return {(folder / f"{number}.jpg").read_text() for number in range(MANY)}


def write_catalog(store: Store, title: str) -> None:
    with atomic_file(store.table("cover_catalog")) as file:
        write_table(file, pd.DataFrame({"title": [title]}), "cover_catalog")


def titles(store: Store) -> list[str]:
    return list(stored_table(store, "cover_catalog")["title"])


@pytest.mark.slow
def test_a_folder_of_many_files_waits_for_a_busy_server(
    faulty: FaultyServer, faulty_store: Store
) -> None:
    faulty.on_write = {"/20.jpg": lambda: faulty.is_for(4.0, "busy")}
    write_samples(faulty_store, "new")
    assert not faulty.on_write
    assert content_of_samples(faulty_store) == {"new"}


@pytest.mark.slow
def test_a_server_killed_amid_a_write_and_started_again_costs_only_time(
    relay: Relay, faulty: FaultyServer, relayed_store: Store
) -> None:
    faulty.on_write = {"/20.jpg": lambda: relay.kill_for(2.0)}
    write_samples(relayed_store, "new")
    assert content_of_samples(relayed_store) == {"new"}
    faulty.on_write = {"cover_catalog": lambda: relay.kill_for(2.0)}
    write_catalog(relayed_store, "봄날")
    assert titles(relayed_store) == ["봄날"]
    assert not faulty.on_write


@pytest.mark.slow
@pytest.mark.usefixtures("impatient")
def test_one_that_stays_away_is_a_named_error_and_writing_again_goes_on(
    relay: Relay, faulty: FaultyServer, relayed_store: Store
) -> None:
    write_samples(relayed_store, "old")
    write_catalog(relayed_store, "old")
    faulty.on_write = {"/20.jpg": relay.kill}
    with pytest.raises(StoreWriteError, match="object store cannot be asked"):
        write_samples(relayed_store, "new")
    with pytest.raises(StoreWriteError, match="object store cannot be asked"):
        write_catalog(relayed_store, "new")
    with pytest.raises(UnreadableArtifactError):
        folders_in(samples(relayed_store))
    relay.start()
    assert (content_of_samples(relayed_store), titles(relayed_store)) == ({"old"}, ["old"])
    write_samples(relayed_store, "new")
    write_catalog(relayed_store, "new")
    assert (content_of_samples(relayed_store), titles(relayed_store)) == ({"new"}, ["new"])


@pytest.mark.usefixtures("impatient")
def test_after_one_was_given_up_requests_are_sent_once_until_one_is_answered(
    faulty: FaultyServer, faulty_store: Store
) -> None:
    def requests_of_a_refused_write() -> int:
        before = faulty.asked
        with pytest.raises(StoreWriteError, match=r"SlowDown.* PutObject operation: "):
            write_catalog(faulty_store, "new")
        return faulty.asked - before

    faulty.fault = "busy"
    assert requests_of_a_refused_write() > 1
    assert requests_of_a_refused_write() == 1
    faulty.fault = None
    write_catalog(faulty_store, "new")
    faulty.fault = "busy"
    assert requests_of_a_refused_write() > 1


def test_what_asking_again_does_not_mend_is_an_error_at_once(
    faulty: FaultyServer, faulty_store: Store
) -> None:
    faulty.fault = "full"
    asked = faulty.asked
    with pytest.raises(StoreWriteError, match="InsufficientStorage"):
        write_catalog(faulty_store, "new")
    assert faulty.asked == asked + 1
