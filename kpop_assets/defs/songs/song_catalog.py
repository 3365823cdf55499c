"""What each song plays, and on which side it is."""

import dagster as dg

from kpop_assets.defs.automation import WHEN_CONTENT_CHANGED
from kpop_assets.defs.versions import table_version
from kpop_assets.store.tables import Table

SHOWN = 100


@dg.asset(
    group_name="songs",
    kinds={"pandas", "parquet"},
    code_version="2",
    io_manager_key="tables",
    automation_condition=WHEN_CONTENT_CHANGED,
)
def song_catalog(
    context: dg.AssetExecutionContext, song_files: Table
) -> dg.MaterializeResult[Table]:
    """One row a song: notes, key, tempo and where it is from, measures, and on which side it is.

    Songs are learned from (train), choose the best model (validation) or judge it (test). One song
    under two names or in two keys is on one side. Additional songs are learned from (more), those
    left out that are one's own too. A file that is no song has the reason.
    """
    from kpop_assets.songs.catalog import catalog_table

    table = catalog_table(song_files)
    left_out = table["reason"].dropna()
    songs = table[table["reason"].isna()]
    sides = songs["split"].value_counts().to_dict()
    context.log.info(
        f"{len(songs)} songs, {sides.get('train', 0)} to learn from and {sides.get('more', 0)} "
        f"additional ones, {songs['notes'].sum():,} notes; {len(left_out)} files left out"
    )
    for file, reason in zip(table.loc[left_out.index, "file"], left_out, strict=True):
        context.log.warning(f"{file} left out: {reason}")
    columns = ["title", "key", "bpm", "bars", "notes", "split"]
    shown = songs[columns].head(SHOWN).astype(object).to_dict("records")
    return dg.MaterializeResult(
        value=table,
        data_version=table_version(table, ["file", "split", "notes", "key", "bpm"]),
        metadata={
            "songs": len(songs),
            "split": sides,
            "tempo_from": songs["tempo_from"].value_counts().to_dict(),
            "left_out": len(left_out),
            "left_out_by_reason": left_out.value_counts().to_dict(),
            "first_songs": dg.MetadataValue.table(
                [dg.TableRecord({str(name): row[name] for name in row}) for row in shown],
                dg.TableSchema([dg.TableColumn(name) for name in columns]),
            ),
            "sites": str(table["sites"].iloc[0]),
        },
    )
