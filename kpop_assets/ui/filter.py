"""Keeps other web pages away from the Dagster UI, which by itself does what any of them asks."""

import ipaddress
import secrets
import socket
from collections.abc import Iterator
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "localhost.", "[::1]")
METHODS = ("GET", "HEAD", "POST")
OWN_PAGES = ("same-origin", "none")
"""Values of Sec-Fetch-Site for a request of the UI itself, or of the person at the browser."""
ISOLATION_HEADERS = {
    "X-Frame-Options": "SAMEORIGIN",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Headers of every answer: no other page may frame, hold or embed it."""
WEBSOCKET_REFUSED = 1008


@dataclass(frozen=True)
class Refusal:
    """Why a request is not answered: the HTTP status, and a sentence."""

    status: int
    reason: str


@dataclass(frozen=True)
class OwnHosts:
    """The values of the header Host under which the UI is reached, in lower case.

    With `any_address`, also the port at every literal IP address: another site can make its name
    point to this machine, but no address.
    """

    names: frozenset[str]
    port: int
    any_address: bool = False

    def __contains__(self, host: str) -> bool:
        name, _, port = host.rpartition(":")
        if host in self.names:
            return True
        return self.any_address and port == str(self.port) and _is_address(name)


def own_hosts(host: str, port: int) -> OwnHosts:
    """Return the hosts of a server that listens on `host`, a name or an address, and `port`."""
    names = [*LOOPBACK_NAMES, f"[{host}]" if ":" in host else host.lower()]
    if not is_loopback(host):
        names += [socket.gethostname().lower(), socket.getfqdn().lower()]
    written = {f"{name}:{port}" for name in names} | (set(names) if port == 80 else set())
    return OwnHosts(frozenset(written), port, any_address=not is_loopback(host))


def is_loopback(host: str) -> bool:
    """Return whether only this machine reaches `host`; of names only localhost is known to be."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


class UiFilter:
    """ASGI middleware that answers the UI's own pages and programs, and no other web page.

    * The header Host must name this server, so that a foreign name that points here reads nothing.
    * Origin, where a browser sends it, must be this server; a WebSocket must have one.
    * By Sec-Fetch-Site other pages may only lead here, not embed or ask.
    * What changes something comes by POST with application/json, which no foreign form can send;
      GraphQL has no other way in.
    * With a `token` every request needs its cookie, which `/?token=..` gives.
    """

    def __init__(self, app: ASGIApp, hosts: OwnHosts, token: str | None = None) -> None:
        self._app = app
        self._hosts = hosts
        self._token = token
        self._cookie = f"kpop_assets_{hosts.port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse with a sentence."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        refusal = next(self._refusals(connection), None)
        if scope["type"] == "websocket":
            if refusal is None:
                await self._app(scope, receive, send)
            else:
                await send({"type": "websocket.close", "code": WEBSOCKET_REFUSED})
            return
        if refusal is None:
            answer = self._app
        elif refusal.status == 401 and self._is_token(connection.query_params.get("token", "")):
            answer = self._welcome()
        else:
            answer = PlainTextResponse(f"{refusal.reason}\n", refusal.status)
        await answer(scope, receive, _isolated(send))

    def _refusals(self, connection: HTTPConnection) -> Iterator[Refusal]:
        """Yield the reasons not to answer, the weightiest first."""
        headers = connection.headers
        hosts = [host.lower() for host in headers.getlist("host")]
        if len(hosts) != 1 or hosts[0] not in self._hosts:
            yield Refusal(
                421,
                f"expected one Host, such as localhost:{self._hosts.port}, got "
                f"{', '.join(hosts) or 'none'}: open the address that make ui printed",
            )
            return
        origins = headers.getlist("origin")
        if any(origin != f"http://{hosts[0]}" for origin in origins):
            yield Refusal(403, f"expected a page of this UI, got one of {', '.join(origins)}")
        if connection.scope["type"] == "websocket":
            if len(origins) != 1:
                yield Refusal(403, "expected a WebSocket with one Origin")
        else:
            yield from _refused_requests(connection.scope, headers)
        if self._token and not self._is_token(connection.cookies.get(self._cookie, "")):
            yield Refusal(401, "expected the token: open the whole address that make ui printed")

    def _is_token(self, given: str) -> bool:
        token = self._token or ""
        return bool(token) and secrets.compare_digest(given.encode(), token.encode())

    def _welcome(self) -> Response:
        """Return an answer that keeps the token as a cookie and takes it out of the address."""
        answer = RedirectResponse("/", 303, {"Referrer-Policy": "no-referrer"})
        answer.set_cookie(self._cookie, self._token or "", httponly=True, samesite="strict")
        return answer


def _refused_requests(scope: Scope, headers: Headers) -> Iterator[Refusal]:
    method = scope["method"]
    leads_here = (
        method in ("GET", "HEAD")
        and headers.getlist("sec-fetch-mode") == ["navigate"]
        and headers.getlist("sec-fetch-dest") == ["document"]
    )
    sites = headers.getlist("sec-fetch-site")
    if not leads_here and any(site not in OWN_PAGES for site in sites):
        yield Refusal(403, f"expected a page of this UI, got a request that is {', '.join(sites)}")
    if method not in METHODS:
        yield Refusal(405, f"expected {', '.join(METHODS)}, got {method}")
    types = [one.partition(";")[0].strip().lower() for one in headers.getlist("content-type")]
    if method == "POST" and types != ["application/json"]:
        yield Refusal(415, f"expected application/json, got {', '.join(types) or 'no type'}")
    if method != "POST" and scope["path"].rstrip("/") == "/graphql" and scope["query_string"]:
        yield Refusal(405, "expected GraphQL by POST with application/json, got it in an address")


def _isolated(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(ISOLATION_HEADERS)
        await send(message)

    return sending


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True
