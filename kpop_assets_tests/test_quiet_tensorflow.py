"""What importing TensorFlow leaves on stderr."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kpop_assets.project import PROJECT_FOLDER

START_UP = """\
WARNING: All log messages before absl::InitializeLog() is called are written to STDERR
I0000 00:00:1795795926.096900   26229 port.cc:153] oneDNN custom operations are on.
2025-09-17 14:44:05.157831: I external/xla/tsl/cuda/cudart_stub.cc:32] Could not find cuda drivers
"""


def stderr_of(program: str, *folders: Path) -> str:
    path = os.pathsep.join(map(str, [*folders, PROJECT_FOLDER]))
    command = [sys.executable, "-c", f"import kpop_assets, os, sys\n{program}"]
    environment = {**os.environ, "PYTHONPATH": path}
    return subprocess.run(command, env=environment, capture_output=True, text=True).stderr


@pytest.mark.slow
def test_tensorflow_is_imported_without_a_line() -> None:
    program = "import tensorflow as tf; tf.constant(1.0); print('after', file=sys.stderr)"
    assert stderr_of(program) == "after\n"


@pytest.mark.parametrize("ending", ["", "os.abort()", "raise OSError('no such library')"])
def test_all_other_lines_are_shown_also_when_the_import_fails(tmp_path: Path, ending: str) -> None:
    written = f"{START_UP}F0000 it needs AVX\n".encode()
    (tmp_path / "tensorflow.py").write_text(f"import os\nos.write(2, {written!r})\n{ending}")
    shown = stderr_of("import tensorflow; print('after', file=sys.stderr)", tmp_path)
    assert shown.startswith("F0000 it needs AVX\n")
    assert "absl" not in shown
    assert "cuda" not in shown
    assert ("after" in shown) is not bool(ending)
    assert ("OSError: no such library" in shown) is ("OSError" in ending)
