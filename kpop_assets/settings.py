"""The environment, read in one place."""

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast
from urllib.parse import urlsplit

from kpop_assets.errors import KpopAssetsError
from kpop_assets.project import PROJECT_FOLDER
from kpop_assets.sites.http.manners import Manners
from kpop_assets.store.paths import S3, store_path

if TYPE_CHECKING:
    from upath import UPath

Sites = Literal["sample", "live"]


class SettingsError(KpopAssetsError):
    """An environment variable has a value that cannot be used."""


@dataclass(frozen=True)
class RayCluster:
    """Where the steps of a run are Ray jobs: the dashboard's address, and what a training asks for.

    Every other step asks for one core.
    """

    address: str
    training_cpus: float = 1.0
    training_gpus: float = 0.0


@dataclass(frozen=True)
class Team:
    """What is done about troubles when nobody watches: a source is asked again, someone is told.

    An alert goes to a web address as JSON, and to the standard input of a command.
    """

    source_retries: int = 0
    alert_webhook: str | None = None
    alert_command: str | None = None


@dataclass(frozen=True)
class Settings:
    """Where covers come from, where results lie, and where and how runs are made.

    `sites` is the world that the crawlers talk to, `covers_dir` a folder of one's own pictures that
    stands in for the sites, `store` the place under which every artifact lies, `manners` how the
    live sites are treated, `songs_dir` a folder of one's own MIDI files, `more_songs_dir` one of
    additional songs to learn from, `ray` the cluster that steps run on, in place of the run's own
    process, `wait_minutes` how long a run waits at most for another that makes what it needs.
    """

    sites: Sites
    covers_dir: Path | None
    store: "Path | UPath"
    manners: Manners = field(default_factory=Manners)
    songs_dir: Path | None = None
    more_songs_dir: Path | None = None
    ray: RayCluster | None = None
    team: Team = field(default_factory=Team)
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
        songs of one's own, a store elsewhere, an address that is none, or manners that are no
        number or word asked for.
        """
        sites = environment.get("KPOP_SITES") or "sample"
        if sites not in ("sample", "live"):
            raise SettingsError(f"expected KPOP_SITES to be 'sample' or 'live', got {sites!r}")
        songs_dir, more_songs_dir = (
            _folder(environment, name, "MIDI files")
            for name in ("KPOP_SONGS_DIR", "KPOP_MORE_SONGS_DIR")
        )
        if more_songs_dir and not songs_dir:
            raise SettingsError(
                "expected KPOP_SONGS_DIR beside KPOP_MORE_SONGS_DIR, but it is not set; set it to "
                "a folder of your own MIDI files, or unset KPOP_MORE_SONGS_DIR"
            )
        return cls(
            sites=cast(Sites, sites),
            covers_dir=_folder(environment, "KPOP_COVERS_DIR", "pictures with a covers.csv"),
            store=_store(environment.get("KPOP_STORE") or "data/store"),
            manners=_manners(environment),
            songs_dir=songs_dir,
            more_songs_dir=more_songs_dir,
            ray=_ray(environment),
            team=_team(environment),
            wait_minutes=_number(
                environment, "KPOP_WAIT_MINUTES", cls.wait_minutes, 0.0, 60.0 * 24 * 365
            ),
        )


def _store(where: str) -> "Path | UPath":
    if where.startswith(S3):
        return store_path(where)
    if "://" in where:
        raise SettingsError(
            f"expected KPOP_STORE to be a folder or an address like s3://bucket/folder, got {where}"
        )
    return (PROJECT_FOLDER / Path(where).expanduser()).resolve()


def _folder(environment: Mapping[str, str], name: str, of: str) -> Path | None:
    value = environment.get(name)
    folder = PROJECT_FOLDER / Path(value).expanduser() if value else None
    if folder is not None and not folder.is_dir():
        raise SettingsError(
            f"expected {name} to be a folder of {of}, but there is no folder {folder}; create it "
            f"or unset {name}"
        )
    return folder


def _ray(environment: Mapping[str, str]) -> RayCluster | None:
    address = environment.get("KPOP_RAY_ADDRESS")
    if not address:
        return None
    return RayCluster(
        _web_address("KPOP_RAY_ADDRESS", address, "http://127.0.0.1:8265, the cluster's dashboard"),
        _number(environment, "KPOP_RAY_TRAINING_CPUS", 1.0, 0.0, 1024.0),
        _number(environment, "KPOP_RAY_TRAINING_GPUS", 0.0, 0.0, 64.0),
    )


def _team(environment: Mapping[str, str]) -> Team:
    webhook = environment.get("KPOP_ALERT_WEBHOOK") or None
    if webhook:
        _web_address("KPOP_ALERT_WEBHOOK", webhook, "https://chat.example.org/hooks/1")
    return Team(
        int(_number(environment, "KPOP_SOURCE_RETRIES", 0, 0, 10)),
        webhook,
        environment.get("KPOP_ALERT_COMMAND") or None,
    )


def _web_address(name: str, value: str, example: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError(f"expected {name} to be an address such as {example}, got {value!r}")
    return value


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
