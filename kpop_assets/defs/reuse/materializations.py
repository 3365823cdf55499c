"""Earlier materializations of an asset, and how one is returned again."""

from datetime import UTC, datetime

import dagster as dg

SINCE = "unchanged_since"
DATA_VERSION_TAG = "dagster/data_version"
MOST_LOOKED_AT = 100


def as_before(context: dg.AssetExecutionContext, before: dg.EventLogRecord) -> dg.MaterializeResult:
    """Return a materialization of the asset again, with its metadata and its checks."""
    materialized = before.asset_materialization
    assert materialized
    at = datetime.fromtimestamp(before.timestamp, UTC).isoformat(timespec="seconds")
    since = text_of(before, SINCE) or at
    context.log.info(f"unchanged since {since}")
    return dg.MaterializeResult(
        data_version=dg.DataVersion(data_version_tag(materialized)),
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
    partition = partition_of(context)
    records = dg.AssetRecordsFilter(
        context.asset_key, asset_partitions=[partition] if partition else None
    )
    found = context.instance.fetch_materializations(records, limit=limit).records
    wanted = (
        one
        for one in found
        if of_version is None or data_version_tag(one.asset_materialization) == of_version.value
    )
    return next(wanted, None)


def data_version_tag(materialized: dg.AssetMaterialization | None) -> str:
    """Return the data version of a materialization, an empty text for none."""
    return ((materialized and materialized.tags) or {}).get(DATA_VERSION_TAG, "")


def partition_of(context: dg.AssetExecutionContext) -> str | None:
    """Return the asset's partition; an asset without any may be in the run of one all the same."""
    return context.partition_key if context.assets_def.partitions_def else None


def text_of(record: dg.EventLogRecord, name: str) -> str | None:
    """Return an entry of the metadata of a materialization as text."""
    value = record.asset_materialization and record.asset_materialization.metadata.get(name)
    return str(value.value) if value else None


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
