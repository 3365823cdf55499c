"""The environment, read in one place."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from kpop_assets.errors import KpopAssetsError

PROJECT_FOLDER = Path(__file__).resolve().parent.parent
REFERENCE_FOLDER = PROJECT_FOLDER / "data" / "reference"

Sites = Literal["sample", "live"]


class SettingsError(KpopAssetsError):
    """An environment variable has a value that cannot be used."""


@dataclass(frozen=True)
class Settings:
    """Where covers come from and where results lie.

    `sites` is the world that the crawlers talk to, `covers_dir` a folder of one's own pictures that
    stands in for the sites, `store` the folder under which every artifact lies.
    """

    sites: Sites
    covers_dir: Path | None
    store: Path

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read KPOP_SITES, KPOP_COVERS_DIR and KPOP_STORE; relative paths count from the project.

        Dagster's commands put the variables of a file .env into the environment before.

        Raises `SettingsError` for an unknown world, a missing covers folder or a store elsewhere.
        """
        sites = environment.get("KPOP_SITES") or "sample"
        if sites not in ("sample", "live"):
            raise SettingsError(f"expected KPOP_SITES to be 'sample' or 'live', got {sites!r}")
        covers_dir = environment.get("KPOP_COVERS_DIR")
        folder = PROJECT_FOLDER / Path(covers_dir).expanduser() if covers_dir else None
        if folder is not None and not folder.is_dir():
            raise SettingsError(
                f"expected KPOP_COVERS_DIR to be a folder of pictures with a covers.csv, "
                f"but there is no folder {folder}; create it or unset KPOP_COVERS_DIR"
            )
        if "://" in (environment.get("KPOP_STORE") or ""):
            raise SettingsError(
                f"expected KPOP_STORE to be a local folder, got {environment['KPOP_STORE']!r}; "
                "object stores are not supported yet"
            )
        store = Path(environment.get("KPOP_STORE") or "data/store").expanduser()
        return cls(
            sites=cast(Sites, sites), covers_dir=folder, store=(PROJECT_FOLDER / store).resolve()
        )
