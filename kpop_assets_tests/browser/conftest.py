"""A Dagster UI on a port and a store of its own, and a browser to look at it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Page, sync_playwright

from kpop_assets.dagster_home import SETTINGS

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--autoplay-policy=no-user-gesture-required",
]
START_SECONDS = 120
SCREENS = [(1440, "light"), (390, "dark"), (1440, "dark"), (390, "light")]
"""Widths in pixels, and colour schemes."""

Opened = Callable[[str], Page]


@pytest.fixture(scope="session")
def dagster_ui(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Runs what `make ui` runs and gives its address."""
    home = tmp_path_factory.mktemp("dagster_home")
    shutil.copy(SETTINGS, home)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "DAGSTER_HOME": str(home),
        "KPOP_STORE": str(tmp_path_factory.mktemp("store")),
        "KPOP_SITES": "sample",
        "KPOP_COVERS_DIR": "",
    }
    log = home / "ui.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "kpop_assets.ui", "--port", str(port)],
            cwd=home,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        wait_until_it_answers(address, log)
        yield address
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            server.wait(10)
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def wait_until_it_answers(address: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            if requests.get(f"{address}/server_info", timeout=5).ok:
                return
        except requests.RequestException:
            pass
        time.sleep(0.5)
    raise TimeoutError(f"no answer from {address} in {START_SECONDS} s:\n{log.read_text()}")


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    """A page of 1440x900 pixels in Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch_persistent_context(
            tmp_path / "profile",
            executable_path=CHROMIUM,
            headless=True,
            viewport={"width": 1440, "height": 900},
            args=CHROMIUM_OPTIONS,
        )
        page = browser.new_page()
        page.set_default_timeout(30_000)
        yield page
        browser.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture(params=SCREENS[:2], ids=["desk", "phone"])
def opened(request: pytest.FixtureRequest, browser: Browser, tmp_path: Path) -> Iterator[Opened]:
    """Opens HTML from disk, at two widths; fails on a console error or a request."""
    width, scheme = request.param
    path = tmp_path / "page.html"
    troubles: list[str] = []
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.on("console", lambda message: troubles.append(message.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on(
        "request",
        lambda asked: (
            None if asked.url.startswith(("data:", path.as_uri())) else troubles.append(asked.url)
        ),
    )

    def open_html(html: str) -> Page:
        path.write_text(html, encoding="utf-8")
        page.goto(path.as_uri())
        return page

    yield open_html
    context.close()
    assert not troubles
