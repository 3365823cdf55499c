"""Search for inputs that end in anything but a named error, for minutes: the tests of fuzz/, long.

    python -m benchmarks.fuzzing kpop_assets_tests/fuzz/test_decode.py --minutes 10

Each round is the test with another seed and 2,000 examples; the first that fails is printed.
"""

import argparse
import subprocess
import sys
import time
from itertools import count


def main() -> int:
    """Run rounds until the minutes are over; 1 when one of them found a fault."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tests", nargs="+", help="files of kpop_assets_tests/fuzz")
    parser.add_argument("--minutes", type=float, default=10)
    chosen = parser.parse_args()
    until = time.monotonic() + 60 * chosen.minutes
    for seed in count():
        if time.monotonic() > until:
            break
        pytest = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", *chosen.tests]
        profile = ["--hypothesis-profile=long", f"--hypothesis-seed={seed}"]
        done = subprocess.run([*pytest, *profile], capture_output=True, text=True)
        if done.returncode:
            print(done.stdout + done.stderr)
            return 1
    print(f"{' '.join(chosen.tests)}: {seed} rounds in {chosen.minutes:g} minutes, no fault")
    return 0


if __name__ == "__main__":
    sys.exit(main())
