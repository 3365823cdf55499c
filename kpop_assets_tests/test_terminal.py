"""What a person sees on the terminal."""

from pathlib import Path

import dagster as dg
import pytest

from kpop_assets.console import console
from kpop_assets.errors import KpopAssetsError
from kpop_assets.results import results_text
from kpop_assets.store import Store


class TooFewPicturesError(KpopAssetsError):
    pass


@dg.asset
def talkative(context: dg.AssetExecutionContext) -> None:
    context.log.info("400 pictures so far")


@dg.asset(deps=[talkative])
def failing() -> None:
    raise TooFewPicturesError("expected 400 pictures, got 3") from OSError("from the depths")


def test_a_run_says_short_lines_and_a_failure_without_a_traceback(
    capfd: pytest.CaptureFixture[str],
) -> None:
    lineage = dg.Definitions(
        assets=[talkative, failing],
        loggers={"console": console},
        executor=dg.in_process_executor,
    )
    lineage.resolve_implicit_global_asset_job_def().execute_in_process(
        run_config={"loggers": {"console": {}}}, raise_on_error=False
    )
    lines = [line[10:] for line in capfd.readouterr().err.splitlines()]
    assert "talkative: 400 pictures so far" in lines
    [failure] = [line for line in lines if line.startswith("failing: failed")]
    assert failure.endswith("TooFewPicturesError: expected 400 pictures, got 3")
    assert not any("Traceback" in line or "from the depths" in line for line in lines)


def test_results_name_the_files_that_exist(tmp_path: Path) -> None:
    assert results_text(Store(tmp_path), "boy") == f"nothing of the set 'boy' in {tmp_path} yet"
    film = tmp_path / "training_gif" / "boy" / "training.gif"
    film.parent.mkdir(parents=True)
    film.touch()
    assert results_text(Store(tmp_path), "boy").splitlines() == [f" training film  {film}"]
