"""Twenty SIGKILLs against one unbroken run: the same weights, losses and film, byte for byte?

    python -m benchmarks.training.kills --covers FOLDER --recipe drifting

FOLDER has pictures and a covers.csv, as in the README under "Your own covers". The command line
materializes `cover_generator` and `training_gif` of one set twice, in stores of their own: once
unbroken, and once killed --kills times, each time up to four checkpoints further on. Every second
kill strikes while a checkpoint is being written, up to 60 ms after its file appeared; the others
strike up to 6 s after a checkpoint, or while the process still starts. After the last kill the run
is left to end. Prints what each kill hit and the SHA-256 of the weights, the loss table and the
film of both; ends with 1 where they differ.
"""

import argparse
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import yaml

from kpop_assets.models.published import current_folder

DAGSTER = Path(sys.executable).with_name("dagster")
CHECKPOINT_EVERY = 5
MOST_NEW_CHECKPOINTS = 4
POLL_S = 0.0005
LONGEST_WRITE_S = 0.06
LONGEST_TRAINING_S = 6.0


@dataclass(frozen=True)
class Place:
    """Where one of the two runs lives: its store and Dagster's history."""

    folder: Path
    covers: Path
    cover_set: str

    @property
    def checkpoints(self) -> Path:
        """Return the folder of the unfinished training."""
        return self.folder / "store/checkpoints" / self.cover_set

    def last_checkpoint(self) -> int:
        """Return the step of the newest checkpoint, 0 before the first."""
        steps = (int(path.stem.partition("-")[2]) for path in self.checkpoints.glob("*/*.npz"))
        return max(steps, default=0)

    def partial_checkpoints(self) -> list[Path]:
        """Return the checkpoint that is being written, if one is."""
        return list(self.checkpoints.glob("*/checkpoint.partial"))

    def started(self, selection: str, preset: Path) -> subprocess.Popen[bytes]:
        """Materialize in a process group of its own."""
        home = self.folder / "dagster"
        home.mkdir(parents=True, exist_ok=True)
        command = [
            *(DAGSTER, "asset", "materialize", "--select", selection),
            *("--partition", self.cover_set, "-m", "kpop_assets.definitions", "-c", preset),
        ]
        environment = {
            **os.environ,
            "DAGSTER_HOME": str(home),
            "KPOP_COVERS_DIR": str(self.covers),
            "KPOP_STORE": str(self.folder / "store"),
        }
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                command, cwd=home, env=environment, stdout=log, stderr=log, start_new_session=True
            )

    def finished(self, selection: str, preset: Path) -> None:
        """Materialize to the end; raises SystemExit when that fails."""
        if self.started(selection, preset).wait():
            raise SystemExit(f"the run failed; its log is {self.folder / 'log'}")

    def digests(self) -> dict[str, str]:
        """Return the SHA-256 of what the run made."""
        store = self.folder / "store"
        trained = current_folder(store / "cover_generator" / self.cover_set)
        record = json.loads((trained / "generator.json").read_text())
        film = (store / "training_gif" / self.cover_set / "training.gif").read_bytes()
        losses = json.dumps([record["losses"], record["evaluations"]]).encode()
        return {
            "weights": record["provenance"]["weights_hash"],
            "losses and evaluations": hashlib.sha256(losses).hexdigest(),
            "film": hashlib.sha256(film).hexdigest(),
        }


def kill(place: Place, preset: Path, number: int, chance: random.Random) -> str:
    """Start the training, kill it some checkpoints later, and return what was hit."""
    for partial in place.partial_checkpoints():
        partial.unlink()
    before = place.last_checkpoint()
    wanted = before + CHECKPOINT_EVERY * chance.randint(0, MOST_NEW_CHECKPOINTS)
    in_write = number % 2 == 0
    process = place.started("cover_generator", preset)
    while process.poll() is None:
        if place.last_checkpoint() >= wanted and (place.partial_checkpoints() or not in_write):
            break
        time.sleep(POLL_S)
    time.sleep(chance.uniform(0, LONGEST_WRITE_S if in_write else LONGEST_TRAINING_S))
    if process.poll() is not None:
        raise SystemExit(f"the run ended before it could be killed; see {place.folder / 'log'}")
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    torn = "".join(
        f", {partial.stat().st_size:,} bytes of the next" for partial in place.partial_checkpoints()
    )
    aim = "at a checkpoint's write" if in_write else "at any moment"
    return f"kill {number:2} {aim}: checkpoint {before} to {place.last_checkpoint()}{torn}"


def main() -> None:
    """Run both and compare."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--covers", type=Path, required=True)
    parser.add_argument("--set", default="popular", dest="cover_set")
    parser.add_argument("--recipe", default="drifting")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--image-size", type=int, default=64)
    parser.add_argument("--seed", type=int, default=0, help="of the moments")
    asked = parser.parse_args()
    config = {
        "recipe": asked.recipe,
        "steps": asked.steps,
        "image_size": asked.image_size,
        "checkpoint_every": CHECKPOINT_EVERY,
        "frame_every": 5,
        "evaluate_every": 50,
        "evaluation_samples": 32,
        "from_base": False,
    }
    chance = random.Random(asked.seed)
    with tempfile.TemporaryDirectory() as scratch:
        preset = Path(scratch) / "preset.yaml"
        preset.write_text(yaml.safe_dump({"ops": {"cover_generator": {"config": config}}}))
        covers = asked.covers.resolve()
        unbroken = Place(Path(scratch) / "unbroken", covers, asked.cover_set)
        killed = Place(Path(scratch) / "killed", covers, asked.cover_set)
        for place in (unbroken, killed):
            place.finished("folder_covers,cover_catalog,cover_tensors", preset)
        unbroken.finished("cover_generator,training_gif", preset)
        for number in range(1, asked.kills + 1):
            print(kill(killed, preset, number, chance), flush=True)
        killed.finished("cover_generator,training_gif", preset)
        expected, got = unbroken.digests(), killed.digests()
        for name in expected:
            same = "the same" if expected[name] == got[name] else f"NOT the same: {got[name]}"
            print(f"{name}: {expected[name]}, {same} after {asked.kills} kills")
    if expected != got:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
