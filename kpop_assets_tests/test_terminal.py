"""What a person sees on the terminal."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

import kpop_assets.definitions  # noqa: F401, as a run does
from kpop_assets.defs.console import console
from kpop_assets.errors import KpopAssetsError
from kpop_assets.terminal import printable_record


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


EVIL = "\x1b]0;OWNED\x07\x1b[2J\x9b7m\u202egnp"
AS_CODES = r"\x1b]0;OWNED\x07\x1b[2J\x9b7m\u202egnp"


@dg.asset
def quoting(context: dg.AssetExecutionContext) -> None:
    context.log.info(f"found {EVIL}")
    context.log.warning("found %s", EVIL)
    raise TooFewPicturesError(f"expected covers, got {EVIL}") from ValueError(f"a page of {EVIL}")


@pytest.mark.parametrize("loggers", [{"console": {}}, {}], ids=["short lines", "Dagster's own"])
def test_names_from_outside_cannot_steer_the_terminal(
    capfd: pytest.CaptureFixture[str], loggers: dict[str, object]
) -> None:
    lineage = dg.Definitions(
        assets=[quoting], loggers={"console": console}, executor=dg.in_process_executor
    )
    lineage.resolve_implicit_global_asset_job_def().execute_in_process(
        run_config={"loggers": loggers}, raise_on_error=False
    )
    said = "".join(capfd.readouterr())
    assert said.count(f"found {AS_CODES}") == 2
    assert f"expected covers, got {AS_CODES}" in said
    assert not set(said) & set(EVIL) - set(AS_CODES)


def test_the_message_of_a_named_error_is_printable() -> None:
    assert str(TooFewPicturesError(f"got {EVIL}")) == f"got {AS_CODES}"


def test_a_log_message_that_does_not_fit_its_arguments_is_left_to_logging() -> None:
    record = printable_record("name", logging.INFO, "path", 1, "%d covers", ("many",), None)
    assert (record.msg, record.args) == ("%d covers", ("many",))


def test_a_traceback_in_the_log_is_printable(caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise ValueError(EVIL)
    except ValueError:
        logging.getLogger("somewhere").exception("it failed")
    assert AS_CODES in caplog.text
    assert "\x1b" not in caplog.text


@pytest.mark.parametrize("encoding", ["ascii", "cp949", "utf-8"])
def test_what_the_terminal_cannot_show_is_an_escape_and_no_crash(
    tmp_path: Path, encoding: str
) -> None:
    film = tmp_path / "소녀 ❤ \x1b[2J" / "training_gif" / "boy" / "training.gif"
    film.parent.mkdir(parents=True)
    film.touch()
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    environment |= {"KPOP_STORE": str(film.parents[2]), "KPOP_COVERS_DIR": ""}
    done = subprocess.run(
        [sys.executable, "-m", "kpop_assets.cli", "where", "boy"],
        capture_output=True,
        check=True,
        env=environment,
    )
    assert "training.gif" in done.stdout.decode(encoding)
    assert rb"\x1b[2J" in done.stdout
    assert b"\x1b" not in done.stdout
