"""Assets that are returned as they are while nothing that they are made from has changed."""

import functools
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dagster as dg

from kpop_assets.defs.reuse.materializations import (
    as_before,
    materialization,
    partition_of,
    text_of,
)
from kpop_assets.defs.reuse.turns import turn
from kpop_assets.defs.versions import catalog_version
from kpop_assets.models.published import ALL_SETS
from kpop_assets.store.artifacts import Store
from kpop_assets.store.folders import stored_folder

Inputs = Mapping[str, Any]
Make = Callable[..., dg.MaterializeResult]
Made = Iterator[dg.MaterializeResult]
CATALOG = "cover_catalog"
MADE_FROM, CONTENT = "made_from", "content"
NOT_REPORTED = {"__source_asset_observation__": True}
"""Metadata of a result that counts as no materialization. Without a result Dagster (1.13) would
skip what follows; this key, which is its own, has it log nothing for the result."""


def unless_unchanged(
    also: Callable[[Inputs], object] = lambda _: None,
) -> Callable[[Make], Callable[..., Made]]:
    """Return a decorator of an asset's function that calls it only when something has changed.

    Nothing has while the code version, the config, the upstream assets as they lie in the store and
    what `also` says of its arguments, in JSON, are those of the last materialization, and the
    asset's own files are as it wrote them. Remove those to have them made in any case. One run at a
    time makes the asset; others wait for it, to find nothing changed.
    """

    def decorated(make: Make) -> Callable[..., Made]:
        @functools.wraps(make)
        def made(context: dg.AssetExecutionContext, **given: Any) -> Made:
            store = given["store"].open()
            path = _path(store, context.asset_key, partition_of(context) or ALL_SETS)
            with turn(context, given["store"]):
                made_from = _made_from(context, given, store, also(given))
                before = materialization(context)
                if before and (text_of(before, MADE_FROM), text_of(before, CONTENT)) == (
                    made_from,
                    _hash(path),
                ):
                    yield as_before(context, before)
                else:
                    result = make(context, **given)
                    about = {MADE_FROM: made_from, CONTENT: _hash(path)}
                    yield result._replace(metadata={**(result.metadata or {}), **about})

        return made

    return decorated


def _made_from(context: dg.AssetExecutionContext, given: Inputs, store: Store, also: object) -> str:
    key, asset, config = context.asset_key, context.assets_def, given.get("config")
    upstream = {
        dep.to_user_string(): catalog_version(given[CATALOG]).value
        if dep == dg.AssetKey(CATALOG)
        else _hash(_path(store, dep, partition_of(context) or ""))
        for dep in asset.asset_deps[key]
    }
    content = [
        *(asset.code_versions_by_key[key], version("kpop_assets")),
        sorted(check.name for check in asset.check_keys),
        *(config and config.model_dump(mode="json"), also, upstream),
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _path(store: Store, key: dg.AssetKey, cover_set: str) -> Path:
    """Return where the files of an asset lie, those of all sets for none."""
    return stored_folder(store.folder(key.to_user_string(), cover_set))


def _hash(path: Path) -> str:
    """Return the SHA-256 of a file, or of all files in a folder with their paths."""
    digest = hashlib.sha256()
    for one in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if one.is_file():
            try:
                with one.open("rb") as file:
                    content = hashlib.file_digest(file, "sha256").hexdigest()
            except OSError as error:  # the asset's function names it
                content = str(error)
            digest.update(f"{one.relative_to(path).as_posix()} {content}\n".encode())
    return digest.hexdigest()
