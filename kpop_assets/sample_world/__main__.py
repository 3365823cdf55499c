"""Serve the sample site by hand: ``python -m kpop_assets.sample_world [--port N]``."""

from __future__ import annotations

import argparse
import threading
from pathlib import Path

from kpop_assets.project import REFERENCE_FOLDER
from kpop_assets.sample_world.index_page import example_paths
from kpop_assets.sample_world.server import SampleSite
from kpop_assets.terminal import say


def main() -> None:
    """Serve until Ctrl-C, after printing the address and example pages."""
    parser = argparse.ArgumentParser(prog="python -m kpop_assets.sample_world")
    parser.add_argument("--port", type=int, default=0, help="default: any free port")
    parser.add_argument(
        "--reference",
        type=Path,
        default=REFERENCE_FOLDER,
        help="folder with the chart snapshot (default: %(default)s)",
    )
    asked = parser.parse_args()
    with SampleSite(asked.reference, asked.port) as site:
        say(f"The sample site runs at {site.address} (Ctrl-C ends it). Pages to open:")
        for path in example_paths():
            say(f"  {site.address}{path}")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            say("")


if __name__ == "__main__":
    main()
