"""Connections to public addresses only: a name is resolved once, checked, and connected to as such.

So a name cannot lead somewhere else between the check and the connection (DNS rebinding).
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NameResolutionError, NewConnectionError
from urllib3.util import connection as urllib3_connection

from kpop_assets.sites.errors import PrivateAddressError
from kpop_assets.sites.http.cut_off import note_connection

MOST_ADDRESSES = 4
"""So many addresses of one name are tried."""

Resolve = Callable[[str, int], list[str]]


def resolved(host: str, port: int) -> list[str]:
    """The IP addresses of a name; raises OSError when there are none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError(f"no host can be called so: {error}") from error
    return [str(address[0]).partition("%")[0] for *_, address in found]


class AddressGuard:
    """Lets connections through to public addresses, and to one exact other one if given.

    `excepted` is (address, port) of a site that runs on this machine.
    """

    def __init__(
        self, excepted: tuple[str, int] | None = None, resolve: Resolve = resolved
    ) -> None:
        self._excepted = excepted
        self._resolve = resolve

    def checked_addresses(self, host: str, port: int) -> list[str]:
        """The addresses to connect to.

        Raises PrivateAddressError when one of them is neither public nor the excepted one, OSError
        when the name does not resolve.
        """
        addresses = self._resolve(host, port)
        for address in addresses:
            if (address, port) != self._excepted and not _is_public(address):
                raise PrivateAddressError(
                    f"{host}: expected a public address, but {address} came; "
                    "pages and redirects must not lead into a private network"
                )
        return addresses[:MOST_ADDRESSES]

    def pools(self) -> dict[str, type]:
        """Connection pools by scheme, for urllib3's `pool_classes_by_scheme`."""
        guard = self

        class Connection(_Checked, HTTPConnection):
            address_guard = guard

        class SecureConnection(_Checked, HTTPSConnection):
            address_guard = guard

        class Pool(HTTPConnectionPool):
            ConnectionCls = Connection

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = SecureConnection

        return {"http": Pool, "https": SecurePool}


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in _NAT64:
            ip = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        elif inner := ip.ipv4_mapped or ip.sixtofour:
            ip = inner
        elif ip not in _UNICAST or ip in _DOCUMENTATION:
            return False
    return ip.is_global and not ip.is_multicast


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_UNICAST = ipaddress.IPv6Network("2000::/3")
_DOCUMENTATION = ipaddress.IPv6Network("3fff::/20")


class _Checked:
    """Mixed into a connection: connects to checked addresses, and can be cut off."""

    address_guard: AddressGuard

    def _new_conn(self: Any) -> socket.socket:
        try:
            addresses = self.address_guard.checked_addresses(self._dns_host, self.port)
        except OSError as error:
            raise NameResolutionError(self.host, self, error) from error  # type: ignore[arg-type]
        failure: OSError | None = None
        for address in addresses:
            try:
                connected = urllib3_connection.create_connection(
                    (address, self.port), self.timeout, socket_options=self.socket_options
                )
            except OSError as error:
                failure = error
                continue
            note_connection(connected)
            return connected
        raise NewConnectionError(self, f"no connection to {self.host}: {failure}") from failure

    def request(self: Any, *args: Any, **kwargs: Any) -> None:
        if self.sock is not None:
            note_connection(self.sock)
        super().request(*args, **kwargs)  # type: ignore[misc]
        note_connection(self.sock)

    def connect(self: Any) -> None:
        super().connect()  # type: ignore[misc]
        note_connection(self.sock)
