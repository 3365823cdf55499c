"""What the Dagster UI answers to its own pages, and refuses to all others."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

import dagster as dg
import pytest
import uvicorn
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import EmptyWorkspaceTarget
from dagster_webserver.app import create_app_from_workspace_process_context
from starlette.types import ASGIApp

from kpop_assets.ui.filter import UiFilter, own_hosts
from kpop_assets.ui.server import listening_socket

Headers = list[tuple[str, str]]

KEY = "changed by a request"
MUTATION = f'mutation{{setConcurrencyLimit(concurrencyKey:"{KEY}",limit:1)}}'
JSON = ("Content-Type", "application/json")
EVIL = ("Origin", "https://evil.example")
BY_ADDRESS = "/graphql?" + urlencode({"query": MUTATION})
BODY = json.dumps({"query": MUTATION})
TWO_OPERATIONS = {"query": f"query Look{{version}} {MUTATION.replace('{', ' Change{', 1)}"}
LED_HERE = [
    ("Sec-Fetch-Site", "cross-site"),
    ("Sec-Fetch-Mode", "navigate"),
    ("Sec-Fetch-Dest", "document"),
]
UPGRADE = [
    ("Connection", "Upgrade"),
    ("Upgrade", "websocket"),
    ("Sec-WebSocket-Version", "13"),
    ("Sec-WebSocket-Key", "MDEyMzQ1Njc4OWFiY2RlZg=="),
    ("Sec-WebSocket-Protocol", "graphql-ws"),
]


@dataclass(frozen=True)
class Ui:
    """A UI that listens, and the Dagster instance behind it."""

    port: int
    instance: dg.DagsterInstance

    def ask(
        self, method: str, path: str, headers: Headers | None = None, body: str = ""
    ) -> http.client.HTTPResponse:
        """Send exactly these headers; a Host of this server if none is among them."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        sent = headers or []
        if not any(name == "Host" for name, _ in sent):
            sent = [("Host", f"127.0.0.1:{self.port}"), *sent]
        for name, value in sent:
            connection.putheader(name, value.replace("PORT", str(self.port)))
        if body:
            connection.putheader("Content-Length", str(len(body.encode())))
        connection.endheaders(body.encode() or None)
        return connection.getresponse()

    @property
    def changed(self) -> bool:
        """Whether a mutation was run since the last question; forgets it."""
        storage = self.instance.event_log_storage
        found = KEY in storage.get_concurrency_keys()
        storage.delete_concurrency_limit(KEY)
        return found


@contextmanager
def served(app: ASGIApp, host: str, token: str | None) -> Iterator[int]:
    with listening_socket(host, free_port()) as listening:
        port = listening.getsockname()[1]
        filtered = UiFilter(app, own_hosts(host, port), token)
        server = uvicorn.Server(
            uvicorn.Config(filtered, log_level="error", timeout_graceful_shutdown=1)
        )
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield port
        server.should_exit = True
        thread.join()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


@pytest.fixture(scope="module")
def dagster_app() -> Iterator[tuple[ASGIApp, dg.DagsterInstance]]:
    """Dagster's own UI, not filtered."""
    with (
        dg.instance_for_test() as instance,
        WorkspaceProcessContext(instance, EmptyWorkspaceTarget()) as context,
    ):
        yield create_app_from_workspace_process_context(context), instance


@pytest.fixture(scope="module")
def ui(dagster_app: tuple[ASGIApp, dg.DagsterInstance]) -> Iterator[Ui]:
    app, instance = dagster_app
    with served(app, "127.0.0.1", None) as port:
        yield Ui(port, instance)


@pytest.fixture(scope="module")
def open_ui(dagster_app: tuple[ASGIApp, dg.DagsterInstance]) -> Iterator[Ui]:
    """A UI that listens beyond loopback, and wants a token."""
    app, instance = dagster_app
    with served(app, "0.0.0.0", "the-token") as port:
        yield Ui(port, instance)


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("Origin", "http://127.0.0.1:PORT"), ("Sec-Fetch-Site", "same-origin")],
        [("Host", "localhost:PORT"), ("Origin", "http://localhost:PORT")],
        [("Host", "LOCALHOST:PORT"), ("Origin", "http://localhost:PORT")],
        [("Host", "localhost.:PORT"), ("Origin", "http://localhost.:PORT")],
        [("Host", "[::1]:PORT"), ("Origin", "http://[::1]:PORT")],
    ],
    ids=["a program", "its page", "localhost", "in capitals", "with a dot", "IPv6"],
)
def test_the_uis_own_pages_and_programs_change_things(ui: Ui, headers: Headers) -> None:
    content_type = ("Content-Type", "application/json; charset=utf-8")
    answer = ui.ask("POST", "/graphql", [*headers, content_type], BODY)
    assert answer.status == 200
    assert json.load(answer) == {"data": {"setConcurrencyLimit": True}}
    assert ui.changed


POSTS: dict[str, tuple[int, Headers]] = {
    "a foreign Origin": (403, [EVIL, JSON]),
    "Origin null": (403, [("Origin", "null"), JSON]),
    "two Origins": (403, [("Origin", "http://127.0.0.1:PORT"), EVIL, JSON]),
    "the Origin of another port": (403, [("Origin", "http://127.0.0.1:1"), JSON]),
    "the Origin by another name": (403, [("Origin", "http://localhost:PORT"), JSON]),
    "the Origin of another scheme": (403, [("Origin", "https://127.0.0.1:PORT"), JSON]),
    "cross-site without Origin": (403, [("Sec-Fetch-Site", "cross-site"), JSON]),
    "a form that leads here": (403, [*LED_HERE, JSON]),
    "another port of this machine": (403, [("Sec-Fetch-Site", "same-site"), JSON]),
    "JSON as text": (415, [("Content-Type", "text/plain")]),
    "JSON as text that names JSON": (415, [("Content-Type", "text/plain; a=application/json")]),
    "two types": (415, [("Content-Type", "text/plain"), JSON]),
    "GraphQL as itself": (415, [("Content-Type", "application/graphql")]),
    "no type": (415, []),
}


@pytest.mark.parametrize(("status", "headers"), POSTS.values(), ids=POSTS)
def test_no_post_of_another_page_changes_anything(ui: Ui, status: int, headers: Headers) -> None:
    answer = ui.ask("POST", "/graphql", headers, BODY)
    assert answer.status == status
    assert not [name for name, _ in answer.getheaders() if "allow-origin" in name.lower()]
    assert not ui.changed


SECOND_OPERATION = "/graphql?" + urlencode({**TWO_OPERATIONS, "operationName": "Change"})
OTHERS: dict[str, tuple[int, str, str, Headers]] = {
    "by GET": (405, "GET", BY_ADDRESS, []),
    "by HEAD": (405, "HEAD", BY_ADDRESS, []),
    "path disguised": (405, "GET", BY_ADDRESS.replace("g", "%67", 1), []),
    "the second of two operations": (405, "GET", SECOND_OPERATION, []),
    "a link from elsewhere": (405, "GET", BY_ADDRESS, LED_HERE),
    "an image elsewhere": (403, "GET", BY_ADDRESS, [("Sec-Fetch-Site", "cross-site")]),
    "by POST without a type": (415, "POST", BY_ADDRESS, []),
    "a form": (415, "POST", BY_ADDRESS, [("Content-Type", "application/x-www-form-urlencoded")]),
    "a form with files": (415, "POST", BY_ADDRESS, [("Content-Type", "multipart/form-data")]),
    "a preflight": (405, "OPTIONS", "/graphql", []),
    "a foreign preflight": (403, "OPTIONS", "/graphql", [EVIL]),
    "an event from elsewhere": (403, "POST", "/report_asset_materialization/popular", [EVIL]),
    "an event by a form": (415, "POST", "/report_asset_observation/popular", []),
}


@pytest.mark.parametrize(("status", "method", "path", "headers"), OTHERS.values(), ids=OTHERS)
def test_nothing_else_of_another_page_changes_anything(
    ui: Ui, status: int, method: str, path: str, headers: Headers
) -> None:
    answer = ui.ask(method, path, headers)
    assert answer.status == status
    assert not [name for name, _ in answer.getheaders() if "allow-origin" in name.lower()]
    assert not ui.changed


@pytest.mark.parametrize(
    "headers",
    [
        [("Host", "rebound.evil.example:PORT")],
        [("Host", "127.0.0.1:1")],
        [("Host", "127.0.0.1")],
        [("Host", "")],
        [("Host", "127.0.0.1.evil.example:PORT")],
        [("Host", "evil.example:PORT@127.0.0.1:PORT")],
        [("Host", "192.168.1.7:PORT")],
        [("Host", "127.0.0.1:PORT"), ("Host", "evil.example")],
        [("Host", "evil.example"), ("X-Forwarded-Host", "127.0.0.1:PORT")],
    ],
    ids=lambda headers: ", ".join(value for _, value in headers),
)
def test_a_host_that_is_not_this_server_is_not_answered(ui: Ui, headers: Headers) -> None:
    question = json.dumps({"query": "{version}"})
    answer = ui.ask("POST", "/graphql", [*headers, JSON], question)
    assert answer.status in (400, 421)
    assert b"data" not in answer.read()


def test_a_link_from_another_page_opens_the_ui_but_no_page_embeds_it(ui: Ui) -> None:
    assert ui.ask("GET", "/runs", LED_HERE).status == 200
    framed = [*LED_HERE[:2], ("Sec-Fetch-Dest", "iframe")]
    assert ui.ask("GET", "/runs", framed).status == 403
    assert ui.ask("GET", "/server_info", LED_HERE[:1]).status == 403
    told = dict(ui.ask("GET", "/runs").getheaders())
    assert told["x-frame-options"] == "SAMEORIGIN"
    assert told["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([("Origin", "http://127.0.0.1:PORT")], 101),
        ([EVIL], 403),
        ([("Origin", "null")], 403),
        ([("Origin", "http://localhost:3999")], 403),
        ([], 403),
        ([("Host", "evil.example:PORT"), ("Origin", "http://evil.example:PORT")], 403),
    ],
    ids=["its page", "foreign", "null", "another port", "none", "rebound"],
)
def test_a_websocket_is_for_the_uis_own_pages(ui: Ui, headers: Headers, status: int) -> None:
    assert ui.ask("GET", "/graphql", [*UPGRADE, *headers]).status == status


def test_beyond_loopback_the_token_opens_the_ui_once_and_for_all(open_ui: Ui) -> None:
    refused = open_ui.ask("GET", "/server_info")
    assert refused.status == 401
    assert b"open the whole address that make ui printed" in refused.read()
    assert open_ui.ask("GET", "/?token=another").status == 401
    welcome = open_ui.ask("GET", "/?token=the-token")
    assert (welcome.status, welcome.getheader("Location")) == (303, "/")
    cookie = str(welcome.getheader("Set-Cookie"))
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    known = [("Cookie", cookie.partition(";")[0])]
    assert open_ui.ask("GET", "/server_info", known).status == 200
    assert open_ui.ask("POST", "/graphql", [*known, JSON], BODY).status == 200
    assert open_ui.changed


WITHOUT_TOKEN: dict[str, tuple[int, str, Headers]] = {
    "without": (401, "/graphql", [JSON]),
    "not ASCII": (401, "/graphql?token=the-token%C3%A9", [JSON]),
    "empty": (401, "/graphql", [("Cookie", "kpop_assets_PORT="), JSON]),
    "a foreign page": (403, "/graphql", [("Cookie", "kpop_assets_PORT=the-token"), EVIL, JSON]),
}


@pytest.mark.parametrize(("status", "path", "headers"), WITHOUT_TOKEN.values(), ids=WITHOUT_TOKEN)
def test_beyond_loopback_nothing_is_done_without_the_token(
    open_ui: Ui, status: int, path: str, headers: Headers
) -> None:
    assert open_ui.ask("POST", path, headers, BODY).status == status
    assert not open_ui.changed


def test_beyond_loopback_no_websocket_opens_without_the_token(open_ui: Ui) -> None:
    own = ("Origin", "http://127.0.0.1:PORT")
    assert open_ui.ask("GET", "/graphql", [*UPGRADE, own]).status == 403


def test_beyond_loopback_this_machine_has_its_names_and_every_address(open_ui: Ui) -> None:
    known = ("Cookie", f"kpop_assets_{open_ui.port}=the-token")
    for host in ("192.168.1.7:PORT", "[fd00::7]:PORT", "localhost:PORT"):
        assert open_ui.ask("GET", "/server_info", [("Host", host), known]).status == 200
    for host in ("rebound.evil.example:PORT", "192.168.1.7:1", "192.168.1.7.evil.example:PORT"):
        assert open_ui.ask("GET", "/server_info", [("Host", host), known]).status == 421
