"""Songs as tokens."""

import dagster as dg

from kpop_assets.defs.automation import WHEN_CONTENT_CHANGED
from kpop_assets.defs.versions import table_version
from kpop_assets.errors import KpopAssetsError
from kpop_assets.store.tables import Table


class NoSongsError(KpopAssetsError):
    """There is no song to learn from."""


@dg.asset(
    group_name="songs",
    kinds={"pandas", "parquet"},
    code_version="2",
    io_manager_key="tables",
    automation_condition=WHEN_CONTENT_CHANGED,
)
def song_tokens(
    context: dg.AssetExecutionContext, song_files: Table, song_catalog: Table
) -> dg.MaterializeResult[Table]:
    """One row a song: file, split, and its tokens, which lead back to the song on its grid.

    When, which keys, how long: an onset is an interval in sixteenths, then pitches with their
    durations.
    """
    from kpop_assets.songs.catalog import token_table

    sites = str(song_files["sites"].iloc[0])
    table = token_table(song_files, song_catalog).assign(sites=sites)
    if table.empty:
        raise NoSongsError(
            f"expected songs, but none of the {len(song_files)} files has one; reason in "
            "song_catalog says why of each"
        )
    counts = table["tokens"].map(len)
    context.log.info(f"{len(table)} songs, {counts.sum():,} tokens")
    return dg.MaterializeResult(
        value=table,
        data_version=table_version(table, ["file", "split", "tokens"]),
        metadata={
            "songs": len(table),
            "tokens": int(counts.sum()),
            "tokens_a_song": float(counts.median()),
            "sites": sites,
        },
    )
