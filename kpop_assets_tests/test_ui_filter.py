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

from kpop_assets.ui import listening_socket
from kpop_assets.ui_filter import UiFilter, own_hosts

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


@pytest.mark.parametrize(
    ("status", "method", "path", "headers", "body"),
    [
        pytest.param(405, "GET", BY_ADDRESS, [], "", id="by GET"),
        pytest.param(405, "HEAD", BY_ADDRESS, [], "", id="by HEAD"),
        pytest.param(405, "GET", BY_ADDRESS.replace("g", "%67", 1), [], "", id="path disguised"),
        pytest.param(405, "GET", BY_ADDRESS, LED_HERE, "", id="a link from elsewhere"),
        pytest.param(
            403, "GET", BY_ADDRESS, [("Sec-Fetch-Site", "cross-site")], "", id="an image elsewhere"
        ),
        pytest.param(403, "POST", "/graphql", [EVIL, JSON], BODY, id="a foreign Origin"),
        pytest.param(403, "POST", "/graphql", [("Origin", "null"), JSON], BODY, id="Origin null"),
        pytest.param(
            *(403, "POST", "/graphql", [("Origin", "http://127.0.0.1:PORT"), EVIL, JSON], BODY),
            id="two Origins",
        ),
        pytest.param(
            *(403, "POST", "/graphql", [("Origin", "http://127.0.0.1:1"), JSON], BODY),
            id="the Origin of another port",
        ),
        pytest.param(
            *(403, "POST", "/graphql", [("Origin", "http://localhost:PORT"), JSON], BODY),
            id="the Origin by another name",
        ),
        pytest.param(
            *(403, "POST", "/graphql", [("Origin", "https://127.0.0.1:PORT"), JSON], BODY),
            id="the Origin of another scheme",
        ),
        pytest.param(
            *(403, "POST", "/graphql", [("Sec-Fetch-Site", "cross-site"), JSON], BODY),
            id="cross-site without Origin",
        ),
        pytest.param(
            *(403, "POST", "/graphql", [*LED_HERE, JSON], BODY), id="a form that leads here"
        ),
        pytest.param(
            *(403, "POST", "/graphql", [("Sec-Fetch-Site", "same-site"), JSON], BODY),
            id="another port of this machine",
        ),
        pytest.param(
            *(415, "POST", "/graphql", [("Content-Type", "text/plain")], BODY), id="JSON as text"
        ),
        pytest.param(
            *(415, "POST", "/graphql", [("Content-Type", "text/plain; a=application/json")], BODY),
            id="JSON as text that names JSON",
        ),
        pytest.param(
            *(415, "POST", "/graphql", [("Content-Type", "text/plain"), JSON], BODY),
            id="two types",
        ),
        pytest.param(
            *(415, "POST", BY_ADDRESS, [("Content-Type", "application/x-www-form-urlencoded")], ""),
            id="a form",
        ),
        pytest.param(
            *(415, "POST", BY_ADDRESS, [("Content-Type", "multipart/form-data; boundary=x")], ""),
            id="a form with files",
        ),
        pytest.param(
            *(415, "POST", "/graphql", [("Content-Type", "application/graphql")], MUTATION),
            id="GraphQL as itself",
        ),
        pytest.param(415, "POST", BY_ADDRESS, [], "", id="by POST without a type"),
        pytest.param(405, "OPTIONS", "/graphql", [], "", id="a preflight"),
        pytest.param(403, "OPTIONS", "/graphql", [EVIL], "", id="a foreign preflight"),
        pytest.param(
            405,
            "GET",
            "/graphql?" + urlencode({**TWO_OPERATIONS, "operationName": "Change"}),
            [],
            "",
            id="the second of two operations",
        ),
        pytest.param(
            *(403, "POST", "/report_asset_materialization/popular?partition=x", [EVIL], ""),
            id="an event reported from elsewhere",
        ),
        pytest.param(
            *(415, "POST", "/report_asset_observation/popular", [], ""),
            id="an event reported by a form",
        ),
    ],
)
def test_no_other_page_changes_anything(
    ui: Ui, status: int, method: str, path: str, headers: Headers, body: str
) -> None:
    answer = ui.ask(method, path, headers, body)
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


@pytest.mark.parametrize(
    ("status", "method", "path", "headers", "body"),
    [
        pytest.param(401, "POST", "/graphql", [JSON], BODY, id="without"),
        pytest.param(401, "POST", "/graphql?token=the-token%C3%A9", [JSON], BODY, id="not ASCII"),
        pytest.param(
            403, "POST", "/graphql", [("Cookie", "kpop_assets_PORT=the-token"), EVIL, JSON], BODY,
            id="a foreign page with the cookie",
        ),
        pytest.param(
            401, "POST", "/graphql", [("Cookie", "kpop_assets_PORT="), JSON], BODY, id="empty"
        ),
        pytest.param(
            403, "GET", "/graphql", [*UPGRADE, ("Origin", "http://127.0.0.1:PORT")], "",
            id="a WebSocket without",
        ),
    ],
)  # fmt: skip
def test_beyond_loopback_nothing_is_done_without_the_token(
    open_ui: Ui, status: int, method: str, path: str, headers: Headers, body: str
) -> None:
    assert open_ui.ask(method, path, headers, body).status == status
    assert not open_ui.changed


def test_beyond_loopback_this_machine_has_its_names_and_every_address(open_ui: Ui) -> None:
    known = ("Cookie", f"kpop_assets_{open_ui.port}=the-token")
    for host in ("192.168.1.7:PORT", "[fd00::7]:PORT", "localhost:PORT"):
        assert open_ui.ask("GET", "/server_info", [("Host", host), known]).status == 200
    for host in ("rebound.evil.example:PORT", "192.168.1.7:1", "192.168.1.7.evil.example:PORT"):
        assert open_ui.ask("GET", "/server_info", [("Host", host), known]).status == 421
