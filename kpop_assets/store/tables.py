"""Tables between assets: sealed Parquet files that name their asset.

The type is named without loading pandas while definitions load.
"""

import io
from typing import TYPE_CHECKING, Any, BinaryIO

from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import DamagedArtifactError
from kpop_assets.store.files import read_file

if TYPE_CHECKING:
    from pandas import DataFrame as Table

    from kpop_assets.store.paths import AnyPath
else:
    Table = Any

__all__ = ["Table", "read_table", "stored_table", "write_table"]


def write_table(file: BinaryIO, table: Table, asset: str) -> None:
    """Write the table of an asset, without its index, to an empty file."""
    import pyarrow as pa

    from kpop_assets.store.sealed_parquet import sealed_parquet

    rows = pa.Table.from_pandas(table, preserve_index=False)
    named = rows.replace_schema_metadata({**(rows.schema.metadata or {}), "asset": asset})
    with sealed_parquet(file, named.schema) as writer:
        writer.write_table(named)


def stored_table(store: Store, asset: str) -> Table:
    """Return the table of an unpartitioned asset; raises what `read_table` does."""
    return read_table(store.table(asset), asset)


def read_table(path: "AnyPath", asset: str) -> Table:
    """Return the Parquet table of an asset.

    Raises `MissingArtifactError` when it was never materialized, `UnreadableArtifactError` when the
    disk refuses, `DamagedArtifactError` when it is not as it was written or that of another asset.
    """
    import pandas as pd
    import pyarrow.parquet as pq

    from kpop_assets.store.sealed_parquet import NotAsWrittenError, require_as_written

    content = io.BytesIO(read_file(path, asset))
    try:
        sealed = require_as_written(content)
        named = (pq.read_schema(content).metadata or {}).get(b"asset", b"").decode()
        if sealed != bool(named) or named not in ("", asset):
            raise NotAsWrittenError(f"it is the table of {named or 'nothing'}")
        return pd.read_parquet(content, page_checksum_verification=True)
    except Exception as error:  # Arrow raises many kinds on damaged files
        raise DamagedArtifactError(path, asset, error) from error
