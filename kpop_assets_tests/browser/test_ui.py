"""What a person does in the UI: materialize a cover set by clicking, and look at the pictures."""

import time
from typing import Any

import pytest
import requests
import yaml
from playwright.sync_api import Page, expect

from kpop_assets.project import PROJECT_FOLDER
from kpop_assets_tests.browser.conftest import CHROMIUM

RUN_SECONDS = 900
COVER_SET = "girl"
DECODED_WIDTH = "image => image.decode().then(() => image.naturalWidth)"


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium")
def test_a_cover_set_is_materialized_by_clicking_and_its_film_is_seen(
    page: Page, dagster_ui: str
) -> None:
    materialize_all(page, dagster_ui, yaml.safe_dump(quick_config()))
    assert status_when_finished(page, dagster_ui) == "SUCCESS"

    page.goto(f"{dagster_ui}/locations/kpop_assets/asset-groups/training/lineage")
    for asset in ("cover_generator", "training_gif", "sample_covers"):
        expect(page.get_by_text(asset, exact=True).first).to_be_visible()

    page.goto(f"{dagster_ui}/assets/training_gif?view=partitions&partition={COVER_SET}")
    for cover_set in ("boy", "girl", "popular", "general"):
        expect(page.get_by_text(cover_set, exact=True).first).to_be_visible()
    preview = page.locator("tr", has_text="preview").locator("img")
    assert preview.evaluate(DECODED_WIDTH) > 0

    page.locator("tr", has_text="film").get_by_text("Show Markdown").first.click()
    film = page.locator(".dagster-portal img").last
    film.wait_for()
    assert film.evaluate(DECODED_WIDTH) == 808
    assert str(film.get_attribute("src")).startswith("data:image/webp;base64,")


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium")
def test_a_training_terminated_by_clicking_ends_with_a_checkpoint(
    page: Page, dagster_ui: str
) -> None:
    config = quick_config()
    config["ops"]["cover_generator"]["config"] |= {
        **{"steps": 100_000, "checkpoint_every": 100_000, "evaluate_every": 0},
        **{"frame_every": 1000, "log_every": 100},
    }
    materialize_all(page, dagster_ui, yaml.safe_dump(config))
    wait_for_message(page, dagster_ui, "step 100 of 100,000")

    page.get_by_role("button", name="Terminate").first.click()
    page.locator(".dagster-dialog").get_by_role("button", name="Terminate").click()
    asked_at = time.monotonic()
    wait_for_message(page, dagster_ui, "run the same again to resume")
    assert status_when_finished(page, dagster_ui) == "CANCELED"
    assert time.monotonic() - asked_at < 60


def quick_config() -> dict[str, Any]:
    """presets/ci.yaml with the recipe that starts soonest, and without other generators."""
    config: dict[str, Any] = yaml.safe_load((PROJECT_FOLDER / "presets/ci.yaml").read_text())
    config["ops"]["base_generator"] = {"config": {"sets_below": 0}}
    config["ops"]["conditional_generator"] = {"config": {"conditions": []}}
    config["ops"]["cover_generator"]["config"]["recipe"] = "original"
    return config


def materialize_all(page: Page, address: str, config: str) -> None:
    page.goto(f"{address}/asset-groups")
    page.get_by_role("button", name="Materialize all").click()
    page.get_by_text("Select a partition or create one").click()
    portal = page.locator(".dagster-portal").last
    portal.get_by_text(COVER_SET, exact=True).first.click()
    page.keyboard.press("Escape")
    expect(page.get_by_placeholder("Filter partitions")).to_be_hidden()
    page.get_by_text("Config", exact=True).click()
    page.get_by_text("Add config").first.click()
    editor = page.locator(".dagster-dialog", has_text="Config Editor")
    editor.locator(".CodeMirror").click()
    page.keyboard.insert_text(config)
    expect(editor.get_by_text("No errors")).to_be_visible()
    editor.get_by_role("button", name="Save config").click()
    expect(page.get_by_text("Config saved")).to_be_visible()
    page.get_by_role("button", name="Launch 1 run").click()
    page.get_by_text("Launched run").wait_for()
    page.get_by_text("View", exact=True).last.click()
    page.wait_for_url("**/runs/*")


def status_when_finished(page: Page, address: str) -> str:
    query = "query Status($id: ID!) {runOrError(runId: $id) {... on Run {status}}}"
    deadline = time.monotonic() + RUN_SECONDS
    status = "NONE"
    while time.monotonic() < deadline and status not in ("SUCCESS", "FAILURE", "CANCELED"):
        time.sleep(1)
        status = answer(page, address, query)["runOrError"]["status"]
    return status


def wait_for_message(page: Page, address: str, text: str) -> None:
    query = (
        "query Messages($id: ID!) {logsForRun(runId: $id)"
        "{... on EventConnection {events {... on MessageEvent {message}}}}}"
    )
    deadline = time.monotonic() + RUN_SECONDS
    messages: list[str] = []
    while not any(text in message for message in messages):
        assert time.monotonic() < deadline, messages[-5:]
        time.sleep(1)
        events = answer(page, address, query)["logsForRun"]["events"]
        messages = [event["message"] for event in events]


def answer(page: Page, address: str, query: str) -> Any:
    """Answer a query about the run that the page shows."""
    run_id = page.url.rsplit("/runs/")[-1].split("?")[0]
    body = {"query": query, "variables": {"id": run_id}}
    return requests.post(f"{address}/graphql", json=body, timeout=30).json()["data"]
