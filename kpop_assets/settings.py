"""The environment, read in one place."""

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from kpop_assets.errors import KpopAssetsError
from kpop_assets.project import PROJECT_FOLDER
from kpop_assets.sites.http.manners import Manners

if TYPE_CHECKING:
    from upath import UPath

Sites = Literal["sample", "live"]


class SettingsError(KpopAssetsError):
    """An environment variable has a value that cannot be used."""


@dataclass(frozen=True)
class Settings:
    """Where covers come from and where results lie.

    `sites` is the world that the crawlers talk to, `covers_dir` a folder of one's own pictures that
    stands in for the sites, `store` the place under which every artifact lies, `manners` how the
    live sites are treated, `songs_dir` a folder of one's own MIDI files, `more_songs_dir` one of
    additional songs to learn from, `wait_minutes` how long a run waits at most for another that
    makes what it needs.
    """

    sites: Sites
    covers_dir: Path | None
    store: "Path | UPath"
    manners: Manners = field(default_factory=Manners)
    songs_dir: Path | None = None
    more_songs_dir: Path | None = None
    wait_minutes: float = 720.0

    @property
    def world(self) -> str:
        """Return where covers come from, as tables say it: sample, live or folder."""
        return "folder" if self.covers_dir else self.sites

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read the KPOP_ variables that the README lists; relative paths count from the project.

        Dagster's commands put the variables of a file .env into the environment before.

        Raises `SettingsError` for an unknown world, a missing folder, additional songs without
        songs of one's own, a store elsewhere or manners that are no number or word asked for.
        """
        sites = environment.get("KPOP_SITES") or "sample"
        if sites not in ("sample", "live"):
            raise SettingsError(f"expected KPOP_SITES to be 'sample' or 'live', got {sites!r}")
        if "://" in (environment.get("KPOP_STORE") or ""):
            raise SettingsError(
                f"expected KPOP_STORE to be a local folder, got {environment['KPOP_STORE']!r}; "
                "object stores are not supported yet"
            )
        songs_dir, more_songs_dir = (
            _folder(environment, name, "MIDI files")
            for name in ("KPOP_SONGS_DIR", "KPOP_MORE_SONGS_DIR")
        )
        if more_songs_dir and not songs_dir:
            raise SettingsError(
                "expected KPOP_SONGS_DIR beside KPOP_MORE_SONGS_DIR, but it is not set; set it to "
                "a folder of your own MIDI files, or unset KPOP_MORE_SONGS_DIR"
            )
        store = Path(environment.get("KPOP_STORE") or "data/store").expanduser()
        return cls(
            sites=cast(Sites, sites),
            covers_dir=_folder(environment, "KPOP_COVERS_DIR", "pictures with a covers.csv"),
            store=(PROJECT_FOLDER / store).resolve(),
            manners=_manners(environment),
            songs_dir=songs_dir,
            more_songs_dir=more_songs_dir,
            wait_minutes=_number(
                environment, "KPOP_WAIT_MINUTES", cls.wait_minutes, 0.0, 60.0 * 24 * 365
            ),
        )


def _folder(environment: Mapping[str, str], name: str, of: str) -> Path | None:
    value = environment.get(name)
    folder = PROJECT_FOLDER / Path(value).expanduser() if value else None
    if folder is not None and not folder.is_dir():
        raise SettingsError(
            f"expected {name} to be a folder of {of}, but there is no folder {folder}; create it "
            f"or unset {name}"
        )
    return folder


def _manners(environment: Mapping[str, str]) -> Manners:
    default = Manners()
    robots = environment.get("KPOP_ROBOTS") or "honour"
    if robots not in ("honour", "ignore"):
        raise SettingsError(f"expected KPOP_ROBOTS to be 'honour' or 'ignore', got {robots!r}")
    return Manners(
        user_agent=_header(environment, "KPOP_USER_AGENT", default.user_agent),
        browser_user_agent=_header(
            environment, "KPOP_BROWSER_USER_AGENT", default.browser_user_agent
        ),
        pause_s=_number(environment, "KPOP_PAUSE_S", default.pause_s, 0.0, 3600.0),
        parallel_per_host=int(
            _number(environment, "KPOP_PARALLEL_PER_HOST", default.parallel_per_host, 1, 64)
        ),
        honour_robots=robots == "honour",
    )


def _header(environment: Mapping[str, str], name: str, default: str) -> str:
    value = (environment.get(name) or default).strip()
    if not value.isascii() or not value.isprintable():
        raise SettingsError(f"expected {name} to be a line of ASCII characters, got {value!r}")
    return value


def _number(
    environment: Mapping[str, str], name: str, default: float, least: float, most: float
) -> float:
    text = environment.get(name) or str(default)
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not least <= value <= most:
        raise SettingsError(
            f"expected {name} to be a number from {least:g} to {most:g}, got {text!r}"
        )
    return value
