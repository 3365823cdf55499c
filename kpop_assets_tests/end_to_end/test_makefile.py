"""What make says: what can be made, and that a Python cannot run the project."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kpop_assets.project import PROJECT_FOLDER


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with the Makefile and nothing to install."""
    shutil.copy(PROJECT_FOLDER / "Makefile", tmp_path)
    for name in ("requirements.lock", "requirements-weights.lock"):
        (tmp_path / name).touch()
    return tmp_path


def program(path: Path, line: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)
    return str(path)


def make(clone: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    given = [f"{name}={value}" for name, value in variables.items()]
    of_an_outer_make = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
    environment = {
        name: value for name, value in os.environ.items() if name not in of_an_outer_make
    }
    return subprocess.run(
        ["make", *words, *given],
        cwd=clone,
        env=environment,
        capture_output=True,
        text=True,
    )


def test_make_alone_says_what_can_be_made_and_makes_nothing(clone: Path) -> None:
    done = make(clone)
    assert done.returncode == 0
    assert {"make demo", "make test", "make ui"} <= {
        line.split("\t")[0] for line in done.stdout.splitlines()
    }
    assert not (clone / ".venv").exists()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("echo 3.10", "which is 3.10"),
        ("echo 3.14", "which is 3.14"),
        ("echo 2.7", "which is 2.7"),
        ("exit 0", "which is no Python that starts"),
        ("exit 127", "which is no Python that starts"),
    ],
)
def test_a_python_that_is_not_supported_is_refused_by_name(
    clone: Path, line: str, told: str
) -> None:
    python = program(clone / "some-python", line)
    done = make(clone, ".venv/installed", PYTHON=python)
    assert done.returncode != 0
    assert f"expected PYTHON to be Python 3.11, 3.12 or 3.13, got {python}, {told}" in done.stderr
    assert not (clone / ".venv").exists()


def test_a_python_that_is_not_there_is_refused_by_name(clone: Path) -> None:
    done = make(clone, ".venv/installed", PYTHON="no-such-python")
    assert done.returncode != 0
    assert "got no-such-python, which is no Python that starts" in done.stderr
    assert not (clone / ".venv").exists()


@pytest.mark.parametrize(("line", "told"), [("echo 3.10", "3.10"), ("exit 1", "one that does not")])
def test_an_old_environment_of_another_python_is_not_installed_into(
    clone: Path, line: str, told: str
) -> None:
    program(clone / ".venv/bin/python", line)
    done = make(clone, ".venv/installed")
    assert done.returncode != 0
    assert f"3.12 or 3.13, but its Python is {told}" in done.stderr
    assert "delete the folder .venv and run make again" in done.stderr
    assert not (clone / ".venv/installed").exists()


def test_a_supported_python_makes_the_environment(clone: Path) -> None:
    python = program(
        clone / "python",
        f'[ "$1" = -m ] && mkdir -p .venv/bin && ln -sf {sys.executable} .venv/bin/python '
        "|| echo 3.13",
    )
    assert make(clone, ".venv/bin/python", PYTHON=python).returncode == 0
    assert (clone / ".venv/bin/python").exists()


def test_a_python_without_venv_leaves_nothing_behind(clone: Path) -> None:
    line = (
        '[ "$1" = -c ] && echo 3.12 && exit; mkdir -p .venv/bin && touch .venv/bin/python; exit 1'
    )
    python = program(clone / "some-python", line)
    for _ in range(2):
        done = make(clone, ".venv/installed", PYTHON=python)
        assert done.returncode != 0
        assert f"expected {python} to make an environment; install its venv" in done.stderr
        assert not (clone / ".venv").exists()


def test_an_environment_that_was_made_in_part_is_named(clone: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", clone / ".venv"], check=True)
    done = make(clone, ".venv/installed")
    assert done.returncode != 0
    assert "expected .venv to have pip, but it was made in part" in done.stderr
    assert "delete the folder .venv and run make again" in done.stderr


def test_an_environment_whose_python_is_gone_is_made_again(clone: Path) -> None:
    (clone / ".venv/bin").mkdir(parents=True)
    (clone / ".venv/bin/python").symlink_to("/no/such/python3.12")
    (clone / ".venv/installed").touch()
    assert make(clone, ".venv/bin/python", PYTHON=sys.executable).returncode == 0
    assert (clone / ".venv/bin/python").exists()
    assert not (clone / ".venv/installed").exists()


@pytest.mark.parametrize(("chosen", "used"), [("", "/the/store/dagster"), ("/mine", "/mine")])
def test_the_history_of_a_demo_lies_in_its_store_unless_one_says_where(
    clone: Path, monkeypatch: pytest.MonkeyPatch, chosen: str, used: str
) -> None:
    program(clone / ".venv/bin/python", "echo /the/store/dagster")
    program(clone / ".venv/bin/dagster", 'echo "history: $DAGSTER_HOME"')
    (clone / ".venv/installed").touch()
    monkeypatch.setenv("DAGSTER_HOME", chosen)
    assert f"history: {used}\n" in make(clone, "demo").stdout


def test_the_demo_is_of_covers_and_songs_are_made_with_the_page(clone: Path) -> None:
    program(clone / ".venv/bin/python", "exit 0")
    (clone / ".venv/installed").touch()
    assert (
        """--select 'not group:"songs"' --partition popular""" in make(clone, "demo", "-n").stdout
    )
    songs = make(clone, "songs", "-n").stdout
    assert """--select 'group:"songs" or key:"gallery_page"'""" in songs
    assert "-c presets/demo.yaml" in songs


def test_the_ui_listens_on_loopback_unless_told_otherwise(clone: Path) -> None:
    (clone / ".venv/bin").mkdir(parents=True)
    for name in ("bin/python", "installed"):
        (clone / ".venv" / name).touch()
    command = ".venv/bin/python -m kpop_assets.ui"
    assert make(clone, "ui", "-n").stdout == f"{command} --host 127.0.0.1 --port 3000\n"
    told = make(clone, "ui", "-n", HOST="0.0.0.0", PORT="3001")
    assert told.stdout == f"{command} --host 0.0.0.0 --port 3001\n"
