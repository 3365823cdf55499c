"""The four cover sets, the only partitions of the image lineage."""

from typing import TYPE_CHECKING

import click
import dagster as dg

from kpop_assets.covers.sets import COVER_SETS

if TYPE_CHECKING:
    from dagster._core.definitions.partitions.context import PartitionLoadingContext


class CoverSetPartitions(dg.StaticPartitionsDefinition):
    """The cover sets; another name is refused with a sentence that lists them."""

    def validate_partition_key(
        self, partition_key: str, context: "PartitionLoadingContext"
    ) -> None:
        """Raise click.UsageError, which Dagster's command line prints as one line."""
        try:
            super().validate_partition_key(partition_key, context)
        except dg.DagsterUnknownPartitionError:
            raise click.UsageError(
                f"expected a cover set, one of {', '.join(COVER_SETS)}, got {partition_key!r}"
            ) from None


COVER_SET_PARTITIONS = CoverSetPartitions(list(COVER_SETS))
