"""The command `kpop`: what one does with results, from a terminal."""

import re
import webbrowser
from collections.abc import Mapping, Sequence
from itertools import accumulate
from operator import or_
from pathlib import Path
from typing import Any

import click
from dotenv import load_dotenv

from kpop_assets.covers.sets import COVER_SETS
from kpop_assets.dagster_home import dagster_home
from kpop_assets.errors import KpopAssetsError
from kpop_assets.project import PRESETS_FOLDER, PROJECT_FOLDER
from kpop_assets.results import results_text
from kpop_assets.settings import Settings
from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import MissingArtifactError
from kpop_assets.store.paths import is_remote
from kpop_assets.terminal import say
from kpop_assets.text import printable
from kpop_assets.tidy.command import tidy

OF_ONE = click.argument("cover_set", metavar="[SET]", required=False, type=click.Choice(COVER_SETS))
KIND = click.option(
    "--set", "kind", help="What covers are to be of; for the generator that is told so."
)
YEAR = click.option("--year", type=float, help="Their year, for that generator; 2014.5 is one.")
TOLD = click.option(
    "--told", multiple=True, metavar="NAME=VALUE", help="Another condition of that generator."
)
COVER_SET = click.argument("cover_set", metavar="SET", type=click.Choice(COVER_SETS))
SEED = click.option("--seed", default=0, show_default=True, help="Seed of the noise vectors.")
TRUNCATION = click.option(
    "--truncation",
    default=1.0,
    show_default=True,
    help="Below 1, covers are more alike.",
)
GENERATOR = click.option(
    "--generator", help="Name as `kpop where` lists it; default: the current one."
)


class OneLineErrors(click.Group):
    """Ends with a named error as a line in place of a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except KpopAssetsError as error:
            raise click.ClickException(printable(str(error))) from error


@click.group(cls=OneLineErrors, epilog="Example: kpop draw popular --count 4 --out covers")
def kpop() -> None:
    """Covers, films and songs out of trained networks, and the pages to look at."""
    load_dotenv(PROJECT_FOLDER / ".env", override=True)


@kpop.command(epilog="Example: kpop where girl")
@COVER_SET
def where(cover_set: str) -> None:
    """Print where the results of a cover set lie, and its generators; * is the current one."""
    say(results_text(_store(), cover_set))


@kpop.command(epilog="Example: kpop presets")
def presets() -> None:
    """Print where the presets lie, for dagster's option -c."""
    say("\n".join(map(str, sorted(PRESETS_FOLDER.glob("*.yaml")))))


@kpop.command("dagster-home", epilog="Example: kpop dagster-home")
def print_dagster_home() -> None:
    """Print the folder of Dagster's history of the store, for the variable DAGSTER_HOME."""
    say(str(dagster_home(_store())))


@kpop.command(epilog="Example: kpop draw popular --count 10, or kpop draw --set girl --year 2012")
@OF_ONE
@KIND
@YEAR
@TOLD
@click.option("--count", default=16, show_default=True, type=click.IntRange(1), help="Covers.")
@SEED
@click.option("--size", type=click.IntRange(1), help="Side in pixels; default: the generator's.")
@TRUNCATION
@GENERATOR
@click.option("--out", default=".", show_default=True, type=Path, help="Folder for the PNG files.")
def draw(
    cover_set: str | None,
    kind: str | None,
    year: float | None,
    told: tuple[str, ...],
    count: int,
    seed: int,
    size: int | None,
    truncation: float,
    generator: str | None,
    out: Path,
) -> None:
    """Draw covers, a PNG each, from a cover set's generator or the one of all sets."""
    from kpop_assets.front_door import load, load_conditional

    wanted = _wanted(cover_set, kind, year, told)
    if cover_set is None:
        covers = load_conditional(generator).draw(count, seed, size, truncation, **wanted)
    else:
        covers = load(cover_set, generator).draw(count, seed, size, truncation)
    out.mkdir(parents=True, exist_ok=True)
    for cover in covers:
        cover.picture.save(out / f"{_called(cover_set, wanted)}-{cover.seed}-{cover.index:03d}.png")
    say(f"{count} covers in {out}")


@kpop.command(
    epilog="Example: kpop film girl --format mp4, or kpop film --set boy --year 2010 --to year=2019"
)
@OF_ONE
@KIND
@YEAR
@TOLD
@click.option(
    "--to",
    multiple=True,
    metavar="NAME=VALUE",
    help="What changes on the way to the next stop; several times for several stops.",
)
@click.option("--format", "ending", default="mp4", type=click.Choice(["mp4", "gif", "webp"]))
@click.option("--frames", default=60, show_default=True, type=click.IntRange(1), help="Frames.")
@SEED
@click.option("--scale", type=click.IntRange(1), help="Times; default: to 512 pixels or more.")
@TRUNCATION
@GENERATOR
@click.option("--out", default=".", show_default=True, type=Path, help="Folder for the film.")
def film(
    cover_set: str | None,
    kind: str | None,
    year: float | None,
    told: tuple[str, ...],
    to: tuple[str, ...],
    ending: str,
    frames: int,
    seed: int,
    scale: int | None,
    truncation: float,
    generator: str | None,
    out: Path,
) -> None:
    """Film covers that turn into one another, or the same ones through years and sets."""
    from kpop_assets.front_door import load, load_conditional

    wanted = _wanted(cover_set, kind, year, told)
    path = out / f"{_called(cover_set, wanted)}-{seed}.{ending}"
    if cover_set is None:
        if not to:
            raise click.UsageError("expected --to, such as --to year=2019 or --to set=girl")
        stops = list(accumulate([wanted, *(_conditions([stop]) for stop in to)], or_))
        of_all = load_conditional(generator)
        out.mkdir(parents=True, exist_ok=True)
        say(str(of_all.walk(path, stops, frames, seed, scale)))
    else:
        chosen = load(cover_set, generator)
        out.mkdir(parents=True, exist_ok=True)
        say(str(chosen.film(path, frames, seed, scale, truncation)))


@kpop.command(
    epilog='Example: kpop song --bars 32 --seed 5 --key "A minor" --bpm 104 --out song.ogg'
)
@click.option("--bars", default=32, show_default=True, help="Bars of four beats.")
@click.option("--seed", default=0, show_default=True, help="The same seed writes the same song.")
@click.option("--key", help='Such as "A minor", F# or Bbm; default: what the network likes.')
@click.option("--bpm", type=float, help="Beats a minute; default: those of --begin, or 104.")
@click.option("--temperature", default=1.0, show_default=True, help="The higher, the more daring.")
@click.option("--begin", type=Path, help="A MIDI file that the song goes on from.")
@click.option("--begin-bars", default=4, show_default=True, help="So many bars of it are kept.")
@click.option(
    "--out",
    multiple=True,
    type=Path,
    help="File that ends in .mid, .ogg or .png (its roll), several times for several files of one "
    "song; default: song-SEED.mid.",
)
def song(
    bars: int,
    seed: int,
    key: str | None,
    bpm: float | None,
    temperature: float,
    begin: Path | None,
    begin_bars: int,
    out: tuple[Path, ...],
) -> None:
    """Compose a song with the network of the store: as MIDI, as sound, as a picture."""
    from kpop_assets.song_door import compose, song_format

    files = out or (Path(f"song-{seed}.mid"),)
    for path in files:
        song_format(path)
    composed = compose(bars, seed, key, bpm, temperature, begin=begin, begin_bars=begin_bars)
    for path in files:
        composed.save(path)
    made = f"{bars} bars, {composed.key}, {composed.song.bpm:g} beats a minute"
    say(f"{made}: {', '.join(map(str, files))}")


@kpop.command(epilog="Example: kpop gallery")
def gallery() -> None:
    """Open the page of films, samples and contrasts."""
    store = _store()
    path: Path = store.gallery()
    if not path.exists():
        raise MissingArtifactError(path, "gallery_page")
    if is_remote(path):
        content, path = path.read_bytes(), _folder_of_pages(store) / path.name
        path.write_bytes(content)
    webbrowser.open(path.resolve().as_uri())
    say(str(path))


@kpop.command(epilog="Example: kpop review")
def review() -> None:
    """Write pages of pictures that may not be covers, and say where the first one lies."""
    from kpop_assets.insight.review import write_review

    store = _store()
    say(write_review(store, _folder_of_pages(store)))


kpop.add_command(tidy)


def _wanted(
    cover_set: str | None, kind: str | None, year: float | None, told: tuple[str, ...]
) -> dict[str, str | float]:
    """Return what the generator of all sets is told, by name; raises click.UsageError."""
    wanted = {"set": kind, "year": year, **_conditions(told)}
    found = {name: value for name, value in wanted.items() if value is not None}
    if (cover_set is None) != bool(found):
        raise click.UsageError(
            "expected a SET, for its own generator, or --set, --year or --told, for the generator "
            f"of all sets; got {'both' if found else 'neither'}"
        )
    return found


def _conditions(told: Sequence[str]) -> dict[str, str | float]:
    split = [one.partition("=") for one in told]
    if wrong := [one for one, (_, sign, _) in zip(told, split, strict=True) if not sign]:
        raise click.UsageError(f"expected NAME=VALUE, got {wrong[0]}")
    return {name: value for name, _, value in split}


def _called(cover_set: str | None, wanted: Mapping[str, str | float]) -> str:
    """Return how files are called."""
    words = "-".join(f"{one:g}" if isinstance(one, float) else one for one in wanted.values())
    return cover_set or re.sub(r"[^\w.-]+", "_", words)


def _folder_of_pages(store: Store) -> Path:
    """Return where pages of a store lie for a browser to open."""
    if not is_remote(store.root):
        return store.root
    folder = PROJECT_FOLDER / "data"
    folder.mkdir(exist_ok=True)
    return folder


def _store() -> Store:
    return Store(Settings.from_environment().store)


if __name__ == "__main__":
    kpop()
