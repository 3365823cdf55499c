"""Assets that are returned as they are while nothing that they are made from has changed."""

import functools
import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dagster as dg

from kpop_assets.defs.versions import catalog_version
from kpop_assets.models.published import ALL_SETS
from kpop_assets.store.artifacts import Store
from kpop_assets.store.folders import stored_folder

Inputs = Mapping[str, Any]
Make = Callable[..., dg.MaterializeResult]
CATALOG = "cover_catalog"
MADE_FROM, CONTENT, SINCE = "made_from", "content", "unchanged_since"
DATA_VERSION_TAG = "dagster/data_version"
MOST_LOOKED_AT = 100
NOT_REPORTED = {"__source_asset_observation__": True}
"""Metadata of a result that counts as no materialization. Without a result Dagster (1.13) would
skip what follows; this key, which is its own, has it log nothing for the result."""


def unless_unchanged(also: Callable[[Inputs], object] = lambda _: None) -> Callable[[Make], Make]:
    """Return a decorator of an asset's function that calls it only when something has changed.

    Nothing has while the code version, the config, the upstream assets as they lie in the store and
    what `also` says of its arguments, in JSON, are those of the last materialization, and the
    asset's own files are as it wrote them. Remove those to have them made in any case.
    """

    def decorated(make: Make) -> Make:
        @functools.wraps(make)
        def made(context: dg.AssetExecutionContext, **given: Any) -> dg.MaterializeResult:
            store = given["store"].open()
            path = _path(store, context.asset_key, _partition(context) or ALL_SETS)
            made_from = _made_from(context, given, store, also(given))
            before = materialization(context)
            if before and (_text(before, MADE_FROM), _text(before, CONTENT)) == (
                made_from,
                _hash(path),
            ):
                return as_before(context, before)
            result = make(context, **given)
            about = {MADE_FROM: made_from, CONTENT: _hash(path)}
            return result._replace(metadata={**(result.metadata or {}), **about})

        return made

    return decorated


def as_before(context: dg.AssetExecutionContext, before: dg.EventLogRecord) -> dg.MaterializeResult:
    """Return a materialization of the asset again, with its metadata and its checks."""
    materialized = before.asset_materialization
    assert materialized
    at = datetime.fromtimestamp(before.timestamp, UTC).isoformat(timespec="seconds")
    since = _text(before, SINCE) or at
    context.log.info(f"unchanged since {since}")
    return dg.MaterializeResult(
        data_version=dg.DataVersion(_version(before)),
        metadata={**materialized.metadata, SINCE: since},
        check_results=_checks(context, before.run_id),
    )


def materialization(
    context: dg.AssetExecutionContext, of_version: dg.DataVersion | None = None
) -> dg.EventLogRecord | None:
    """Return the last materialization of the asset, in the partition at hand.

    With `of_version` it is the last with that data version.
    """
    limit = 1 if of_version is None else MOST_LOOKED_AT
    partition = _partition(context)
    records = dg.AssetRecordsFilter(
        context.asset_key, asset_partitions=[partition] if partition else None
    )
    found = context.instance.fetch_materializations(records, limit=limit).records
    wanted = (one for one in found if of_version is None or _version(one) == of_version.value)
    return next(wanted, None)


def _made_from(context: dg.AssetExecutionContext, given: Inputs, store: Store, also: object) -> str:
    key, asset, config = context.asset_key, context.assets_def, given.get("config")
    upstream = {
        dep.to_user_string(): catalog_version(given[CATALOG]).value
        if dep == dg.AssetKey(CATALOG)
        else _hash(_path(store, dep, _partition(context) or ""))
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


def _checks(context: dg.AssetExecutionContext, run_id: str) -> list[dg.AssetCheckResult]:
    """Return what the checks of the asset said in that run."""
    events = context.instance.all_logs(run_id, dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    found = [one.dagster_event.asset_check_evaluation_data for one in events if one.dagster_event]
    return [
        dg.AssetCheckResult(
            check_name=one.check_name,
            passed=one.passed,
            severity=one.severity,
            description=one.description,
            metadata=one.metadata,
        )
        for one in found
        if dg.AssetCheckKey(one.asset_key, one.check_name) in context.assets_def.check_keys
    ]


def _version(record: dg.EventLogRecord) -> str:
    tags = record.asset_materialization.tags if record.asset_materialization else None
    return (tags or {}).get(DATA_VERSION_TAG, "")


def _partition(context: dg.AssetExecutionContext) -> str | None:
    """Return the asset's partition; an asset without any may be in the run of one all the same."""
    return context.partition_key if context.assets_def.partitions_def else None


def _text(record: dg.EventLogRecord, name: str) -> str | None:
    value = record.asset_materialization and record.asset_materialization.metadata.get(name)
    return str(value.value) if value else None


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
