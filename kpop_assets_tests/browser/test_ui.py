"""What a person does in the UI: materialize a cover set by clicking, and look at the pictures."""

import time

import pytest
import requests
from playwright.sync_api import Page, expect

from kpop_assets.settings import PROJECT_FOLDER
from kpop_assets_tests.browser.conftest import CHROMIUM

RUN_SECONDS = 300
COVER_SET = "girl"
DECODED_WIDTH = "image => image.decode().then(() => image.naturalWidth)"


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium")
def test_a_cover_set_is_materialized_by_clicking_and_its_film_is_seen(
    page: Page, dagster_ui: str
) -> None:
    materialize_all(page, dagster_ui, (PROJECT_FOLDER / "presets/ci.yaml").read_text())
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
    assert film.evaluate(DECODED_WIDTH) == 202
    assert str(film.get_attribute("src")).startswith("data:image/webp;base64,")


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
    run_id = page.url.rsplit("/runs/")[-1].split("?")[0]
    query = "query Status($id: ID!) {runOrError(runId: $id) {... on Run {status}}}"
    deadline = time.monotonic() + RUN_SECONDS
    status = "NONE"
    while time.monotonic() < deadline and status not in ("SUCCESS", "FAILURE", "CANCELED"):
        time.sleep(1)
        answer = requests.post(
            f"{address}/graphql",
            json={"query": query, "variables": {"id": run_id}},
            timeout=30,
        )
        status = answer.json()["data"]["runOrError"]["status"]
    return status
