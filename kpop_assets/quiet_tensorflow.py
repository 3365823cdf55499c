"""TensorFlow is imported without its start-up lines, which look like faults and are none.

TF_CPP_MIN_LOG_LEVEL silences what it logs later. The lines of its libraries as they are loaded
heed no variable (tensorflow/tensorflow issue 100442), so they are taken out of the process's
stderr. A filter in a process of its own passes on all others, also those of an import that aborts.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

START_UP_LINES = (
    r"^I0000 |^WARNING: All log messages before absl::InitializeLog|"
    r"(cudart_stub|port|cpu_feature_guard)\.cc:|^To enable the following instructions|"
    r"Unable to register cu(FFT|DNN|BLAS) factory"
)

SECONDS_TO_END = 3


class QuietTensorFlow(MetaPathFinder):
    """Imports TensorFlow with `start_up_lines_left_out`, whoever asks for it first."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return TensorFlow's own spec with a loader that is quiet; None for other modules."""
        spec = PathFinder.find_spec(fullname, path, target) if fullname == "tensorflow" else None
        if spec is None or spec.loader is None:
            return None
        load = spec.loader.exec_module

        def load_quietly(module: ModuleType) -> None:
            with start_up_lines_left_out():
                load(module)

        spec.loader.exec_module = load_quietly  # type: ignore[method-assign]
        return spec


@contextmanager
def start_up_lines_left_out() -> Iterator[None]:
    """Leave TensorFlow's start-up lines out of what the process writes to stderr meanwhile."""
    shown = os.dup(2)
    grep = ["grep", "--line-buffered", "-Ev", START_UP_LINES]
    others = subprocess.Popen(grep, stdin=subprocess.PIPE, stdout=shown, start_new_session=True)
    assert others.stdin is not None
    os.dup2(others.stdin.fileno(), 2)
    others.stdin.close()
    try:
        yield
    finally:
        sys.stderr.flush()
        os.dup2(shown, 2)
        os.close(shown)
        with suppress(subprocess.TimeoutExpired):  # a process started meanwhile writes there still
            others.wait(SECONDS_TO_END)


def be_quiet() -> None:
    """Install the finder; TensorFlow must not be imported yet."""
    sys.meta_path.insert(0, QuietTensorFlow())
