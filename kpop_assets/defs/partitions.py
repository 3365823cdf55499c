"""The four cover sets, the only partitions of the image lineage."""

import dagster as dg

from kpop_assets.covers.sets import COVER_SETS

COVER_SET_PARTITIONS = dg.StaticPartitionsDefinition(list(COVER_SETS))
