"""Twenty SIGKILLs against one unbroken run: the same weights, losses and film, byte for byte?

    python -m benchmarks.training.kills --covers FOLDER --recipe drifting
    python -m benchmarks.training.kills --songs FOLDER --recipe lstm --kills 12
    python -m benchmarks.training.kills --covers FOLDER --recipe drifting --kills 10 --s3

With --s3 the stores lie on S3, a server of moto's on this machine. FOLDER has pictures and a
covers.csv, as in the README under "Your own covers", or MIDI files. The command line materializes
`cover_generator` and `training_gif` of one set, or `song_model` and `generated_songs`, twice, in
stores of their own: once unbroken, and once killed --kills times, each time up to four checkpoints
further on. Every second kill strikes while a checkpoint is being written, up to 60 ms after its
file appeared; the others strike up to 6 s after a checkpoint, or while the process still starts.
After the last kill the run is left to end. Prints what each kill hit and the SHA-256 of the
weights, the loss table and the film of both, and of the songs composed; ends with 1 where they
differ.
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
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import yaml

from kpop_assets.models.published import current_folder
from kpop_assets.store.folders import stored_folder
from kpop_assets.store.paths import is_remote, store_path
from kpop_assets_tests.object_store import BUCKET, credentials, s3_server

DAGSTER = Path(sys.executable).with_name("dagster")
CHECKPOINT_EVERY = 5
MOST_NEW_CHECKPOINTS = 4
POLL_S, POLL_ON_S3_S = 0.0005, 0.5
LONGEST_WRITE_S = 0.06
LONGEST_TRAINING_S = 6.0


@dataclass(frozen=True)
class Trained:
    """What is trained, and on what.

    `model` is the asset that is killed, `upstream` and `results` those made before and after it,
    separated by commas; `name` is that of its checkpoints, `digests` returns the SHA-256 of what a
    store has of it.
    """

    environment: Mapping[str, str]
    options: Sequence[str]
    upstream: str
    model: str
    results: str
    name: str
    config: Mapping[str, object]
    digests: Callable[[Path], dict[str, str]]


@dataclass(frozen=True)
class Place:
    """Where one of the two runs lives: its store and Dagster's history."""

    folder: Path
    store: Path
    trained: Trained

    @property
    def checkpoints(self) -> Path:
        """Return the folder of the unfinished training."""
        return self.store / "checkpoints" / self.trained.name

    def last_checkpoint(self) -> int:
        """Return the step of the newest checkpoint, 0 before the first."""
        steps = (int(path.stem.partition("-")[2]) for path in self.checkpoints.glob("*/*.npz"))
        return max(steps, default=0)

    def partial_checkpoints(self) -> list[Path]:
        """Return the checkpoint that is being written, if one is."""
        return list(self.checkpoints.glob("*/.checkpoint-*.tmp"))

    def started(self, selection: str, preset: Path) -> subprocess.Popen[bytes]:
        """Materialize in a process group of its own."""
        home = self.folder / "dagster"
        home.mkdir(parents=True, exist_ok=True)
        command = [
            *(DAGSTER, "asset", "materialize", "--select", selection),
            *(*self.trained.options, "-m", "kpop_assets.definitions", "-c", preset),
        ]
        environment = {
            **os.environ,
            "DAGSTER_HOME": str(home),
            **self.trained.environment,
            "KPOP_STORE": str(self.store),
        }
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                command, cwd=home, env=environment, stdout=log, stderr=log, start_new_session=True
            )

    def finished(self, selection: str, preset: Path) -> None:
        """Materialize to the end; raises SystemExit when that fails."""
        if self.started(selection, preset).wait():
            raise SystemExit(f"the run failed; its log is {self.folder / 'log'}")


def of_covers(covers: Path, cover_set: str, config: Mapping[str, object]) -> Trained:
    """Return the training on covers of a set."""

    def digests(store: Path) -> dict[str, str]:
        trained = current_folder(store / "cover_generator" / cover_set)
        films = stored_folder(store / "training_gif" / cover_set)
        film = (films / "training.gif").read_bytes()
        return {**of_record(trained / "generator.json"), "film": sha256(film)}

    return Trained(
        {"KPOP_COVERS_DIR": str(covers)},
        ("--partition", cover_set),
        "folder_covers,cover_catalog,cover_tensors",
        "cover_generator",
        "training_gif",
        cover_set,
        {**config, "evaluation_samples": 32, "from_base": False},
        digests,
    )


def of_songs(songs: Path, config: Mapping[str, object]) -> Trained:
    """Return the training on songs."""

    def digests(store: Path) -> dict[str, str]:
        trained = stored_folder(store / "song_model/all")
        composed = stored_folder(store / "generated_songs/all")
        scores = [path.read_bytes() for path in sorted(composed.glob("*.mid"))]
        film = (trained / "training.mp4").read_bytes()
        found = {**of_record(trained / "song_model.json"), "film": sha256(film)}
        return {**found, f"{len(scores)} composed songs": sha256(b"".join(scores))}

    return Trained(
        {"KPOP_SONGS_DIR": str(songs)},
        (),
        "song_files,song_catalog,song_tokens",
        "song_model",
        "generated_songs",
        "songs",
        config,
        digests,
    )


def of_record(path: Path) -> dict[str, str]:
    """Return the SHA-256 of the weights and of the curves in the record of a training."""
    record = json.loads(path.read_text())
    curves = json.dumps([record["losses"], record["evaluations"]]).encode()
    return {
        "weights": record["provenance"]["weights_hash"],
        "losses and evaluations": sha256(curves),
    }


def sha256(content: bytes) -> str:
    """Return the SHA-256 in hex."""
    return hashlib.sha256(content).hexdigest()


def kill(place: Place, preset: Path, number: int, chance: random.Random) -> str:
    """Start the training, kill it some checkpoints later, and return what was hit."""
    for partial in place.partial_checkpoints():
        partial.unlink()
    before = place.last_checkpoint()
    wanted = before + CHECKPOINT_EVERY * chance.randint(0, MOST_NEW_CHECKPOINTS)
    in_write = number % 2 == 0 and not is_remote(place.store)
    process = place.started(place.trained.model, preset)
    while process.poll() is None:
        if place.last_checkpoint() >= wanted and (place.partial_checkpoints() or not in_write):
            break
        time.sleep(POLL_ON_S3_S if is_remote(place.store) else POLL_S)
    time.sleep(chance.uniform(0, LONGEST_WRITE_S if in_write else LONGEST_TRAINING_S))
    if process.poll() is not None:
        raise SystemExit(
            f"the run ended with {process.returncode} before kill {number}; "
            "after 0 choose more --steps"
        )
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
    among = parser.add_mutually_exclusive_group(required=True)
    among.add_argument("--covers", type=Path)
    among.add_argument("--songs", type=Path)
    parser.add_argument("--set", default="popular", dest="cover_set")
    parser.add_argument("--recipe")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--image-size", type=int, default=64, help="of covers")
    parser.add_argument("--seed", type=int, default=0, help="of the moments")
    parser.add_argument("--s3", action="store_true", help="stores on S3")
    asked = parser.parse_args()
    config = {
        "steps": asked.steps,
        "checkpoint_every": CHECKPOINT_EVERY,
        "frame_every": 5,
        "evaluate_every": 50,
    }
    if asked.songs:
        trained = of_songs(asked.songs.resolve(), {**config, "recipe": asked.recipe or "lstm"})
    else:
        of_recipe = {"recipe": asked.recipe or "drifting", "image_size": asked.image_size}
        trained = of_covers(asked.covers.resolve(), asked.cover_set, {**config, **of_recipe})
    chance = random.Random(asked.seed)
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as served:
        stores = scratch
        if asked.s3:
            os.environ |= credentials(served.enter_context(s3_server()))
            stores = f"s3://{BUCKET}"
        preset = Path(scratch) / "preset.yaml"
        preset.write_text(
            yaml.safe_dump({"ops": {trained.model: {"config": dict(trained.config)}}})
        )
        unbroken, killed = (
            Place(Path(scratch) / name, store_path(f"{stores}/{name}/store"), trained)
            for name in ("unbroken", "killed")
        )
        for place in (unbroken, killed):
            place.finished(trained.upstream, preset)
        unbroken.finished(f"{trained.model},{trained.results}", preset)
        for number in range(1, asked.kills + 1):
            print(kill(killed, preset, number, chance), flush=True)
        killed.finished(f"{trained.model},{trained.results}", preset)
        expected, got = (trained.digests(place.store) for place in (unbroken, killed))
        for name in expected:
            same = "the same" if expected[name] == got[name] else f"NOT the same: {got[name]}"
            print(f"{name}: {expected[name]}, {same} after {asked.kills} kills")
    if expected != got:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
