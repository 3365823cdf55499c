"""A store on S3, and one behind a server that answers badly when asked to."""

import uuid
from collections.abc import Iterator

import pytest

from kpop_assets.store.artifacts import Store
from kpop_assets.store.s3.files import S3Files
from kpop_assets_tests.object_store import (
    BUCKET,
    FaultyServer,
    before,
    credentials,
    s3_server,
)


@pytest.fixture(scope="module")
def server() -> Iterator[int]:
    with s3_server() as port:
        yield port


@pytest.fixture
def store(server: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    yield from opened_store(server, monkeypatch)


def opened_store(port: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    for name, value in credentials(port).items():
        monkeypatch.setenv(name, value)
    S3Files.clear_instance_cache()
    yield Store(f"s3://{BUCKET}/{uuid.uuid4().hex}")
    S3Files.clear_instance_cache()


@pytest.fixture
def faulty(server: int) -> Iterator[FaultyServer]:
    with before(server) as about:
        yield about


@pytest.fixture
def faulty_store(faulty: FaultyServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    yield from opened_store(faulty.port, monkeypatch)
