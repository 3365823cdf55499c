"""The command `kpop tidy`."""

import os
from collections.abc import Callable, Iterator

import click

from kpop_assets.dagster_home import usual_home
from kpop_assets.settings import Settings
from kpop_assets.store.artifacts import Store
from kpop_assets.terminal import say
from kpop_assets.tidy.waste import WasteOfKind, names_in_use, waste_of_store


@click.command(epilog="Example: kpop tidy --dry-run --keep-days 60")
@click.option("--dry-run", is_flag=True, help="Say what would be freed, and remove nothing.")
@click.option(
    "--keep-days",
    default=30,
    show_default=True,
    type=click.IntRange(0),
    help="Runs of the history and unfinished trainings stay so long.",
)
def tidy(dry_run: bool, keep_days: int) -> None:
    """Remove what nothing needs any more from the store and from Dagster's history."""
    store = Store(Settings.from_environment().store)
    say(tidied(store, history_home(store), keep_days, dry_run))


def history_home(store: Store) -> str | None:
    """Return where Dagster's history lies: DAGSTER_HOME or the usual place; None without one."""
    usual = usual_home(store)
    return os.environ.get("DAGSTER_HOME") or (str(usual) if usual.exists() else None)


def tidied(store: Store, home: str | None, keep_days: float, dry_run: bool) -> str:
    """Remove what can go, or only look; return a report, a line a kind.

    Raises DamagedArtifactError where a record cannot be read that may name a run.
    """
    lines: list[str] = []
    freed, would = 0, "would be " if dry_run else ""
    for kind in _waste(store, home, keep_days, lines.append):
        if not kind.found:
            continue
        if not dry_run:
            for one in kind.found:
                one.remove()
        freed += kind.bytes
        lines.append(f"{len(kind.found):7,} {kind.kind}, {_mb(kind.bytes)}: {kind.why}")
    return "\n".join([*lines, f"{_mb(freed)} {would}freed in {store.root}"])


def _waste(
    store: Store, home: str | None, keep_days: float, note: Callable[[str], object]
) -> Iterator[WasteOfKind]:
    yield from waste_of_store(store, keep_days, note)
    if home is not None:
        import dagster as dg

        from kpop_assets.tidy.history import waste_of_history

        with dg.DagsterInstance.from_config(home) as instance:
            yield waste_of_history(instance, keep_days, names_in_use(store))


def _mb(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
