"""How fast the one HTTP client asks a host, and how often at a time."""

import threading
import time

from kpop_assets.sample_world.server import SampleSite
from kpop_assets.sites.http.addresses import AddressGuard
from kpop_assets.sites.http.manners import Manners
from kpop_assets.sites.http.pace import Pace
from kpop_assets.sites.http.session import SiteSession


def test_requests_to_one_host_keep_a_pause_and_other_hosts_do_not_wait_for_it() -> None:
    pace = Pace(pause_s=0.1, parallel=8)
    pace.slow_down("slow.test", 0.4)
    start = time.monotonic()
    for host, turns, seconds in (("a.test", 5, 0.4), ("slow.test", 2, 0.4), ("b.test", 1, 0.0)):
        began = time.monotonic()
        for _ in range(turns):
            with pace.turn(host):
                pass
        assert time.monotonic() - began >= seconds
    assert time.monotonic() - start < 2


def test_so_many_requests_to_one_host_run_at_a_time() -> None:
    pace = Pace(pause_s=0.0, parallel=2)
    running, most = 0, 0
    lock = threading.Lock()

    def ask() -> None:
        nonlocal running, most
        with pace.turn("a.test"):
            with lock:
                running += 1
                most = max(most, running)
            time.sleep(0.02)
            with lock:
                running -= 1

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2


def test_a_live_session_keeps_the_pace_of_its_manners(site: SampleSite) -> None:
    host, _, port = site.address.removeprefix("http://").partition(":")
    live = SiteSession("live", manners=Manners(pause_s=0.15), guard=AddressGuard((host, int(port))))
    start = time.monotonic()
    for _ in range(3):
        live.get(f"{site.address}/www.bing.com/none")
    assert time.monotonic() - start >= 0.3


def test_a_live_session_pauses_longer_where_a_source_asks_for_it(site: SampleSite) -> None:
    host, _, port = site.address.removeprefix("http://").partition(":")
    live = SiteSession("live", manners=Manners(pause_s=0), guard=AddressGuard((host, int(port))))
    start = time.monotonic()
    for _ in range(3):
        live.get(f"{site.address}/www.bing.com/none", pause_s=0.15)
    assert time.monotonic() - start >= 0.3
