"""The MIDI files that songs are read from: composed ones, or a folder of one's own."""

from collections.abc import Callable, Iterator

import dagster as dg

from kpop_assets.defs.versions import table_version
from kpop_assets.defs.world import settings_in_use
from kpop_assets.songs.midi.song_folder import SongFolder
from kpop_assets.store.tables import Table

UNREADABLE_SHOWN = 50
SAMPLE_DESCRIPTION = """Piano songs that the sample world composes: nobody's, in known keys, tempi
and forms. KPOP_SONGS_DIR puts a folder of one's own MIDI files in their place."""
FOLDER_DESCRIPTION = """The MIDI files of KPOP_SONGS_DIR, at any depth, with the tempo, artist type
and title that its songs.csv says, where there is one. Files that cannot be read are named with the
reason. Those of KPOP_MORE_SONGS_DIR, where it is set, are additional songs to learn from."""
MORE_PREFIX = "more: "
"""Before the names of additional files, which may be those of one's own too."""


def _song_files_asset(
    description: str, listed: Callable[[Callable[[str], None]], Table]
) -> dg.AssetsDefinition:
    """Return the asset whose table `listed` makes, given what takes a warning."""

    @dg.asset(
        group_name="songs",
        kinds={"pandas", "parquet"},
        code_version="2",
        io_manager_key="tables",
        description=description,
    )
    def song_files(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Table]:
        import hashlib

        table = listed(context.log.warning)
        unreadable = table[table["reason"].notna()]
        context.log.info(f"{len(table) - len(unreadable)} MIDI files, {len(unreadable)} unreadable")
        digests = table["midi"].map(lambda midi: midi and hashlib.sha256(midi).hexdigest())
        reasons = zip(unreadable["file"], unreadable["reason"], strict=True)
        return dg.MaterializeResult(
            value=table,
            data_version=table_version(table.assign(midi=digests), list(table.columns)),
            metadata={
                "files": len(table),
                "more": int(table["more"].sum()),
                "artist_types": table["artist_type"].fillna("none").value_counts().to_dict(),
                "unreadable": len(unreadable),
                "unreadable_files": dict(list(reasons)[:UNREADABLE_SHOWN]),
                "sites": str(table["sites"].iloc[0]),
            },
        )

    return song_files


def _composed(_warn: Callable[[str], None]) -> Table:
    from kpop_assets.sample_world.songs import sample_songs
    from kpop_assets.songs.catalog import song_files_table
    from kpop_assets.songs.midi.writing import midi_bytes

    return song_files_table(
        (
            {
                "file": f"{number:03d} {one.title}.mid",
                "title": one.title,
                "artist": one.artist,
                "artist_type": one.artist_type,
                "midi": midi_bytes(one.song),
            }
            for number, one in enumerate(sample_songs())
        ),
        "sample",
    )


def _of_folders(
    own: SongFolder, more: SongFolder | None
) -> Callable[[Callable[[str], None]], Table]:
    def listed(warn: Callable[[str], None]) -> Table:
        from kpop_assets.songs.catalog import song_files_table

        rows = list(_rows(own, warn))
        if more is not None:
            rows += [
                {**row, "file": f"{MORE_PREFIX}{row['file']}", "more": True}
                for row in _rows(more, warn)
            ]
        return song_files_table(rows, "folder")

    return listed


def _rows(folder: SongFolder, warn: Callable[[str], None]) -> Iterator[dict[str, object]]:
    from kpop_assets.songs.errors import SongError

    listing = folder.listing()
    for note in listing.notes:
        warn(note)
    for file in listing.files:
        about = {"file": file.name, "title": file.title, "artist_type": file.artist_type}
        try:
            yield {**about, "bpm": file.bpm, "midi": folder.content(file)}
        except SongError as error:
            yield {**about, "reason": error.reason}


def definitions() -> dg.Definitions:
    """Return the songs of KPOP_SONGS_DIR, and perhaps KPOP_MORE_SONGS_DIR, or composed ones."""
    settings = settings_in_use()
    if settings.songs_dir is None:
        return dg.Definitions(assets=[_song_files_asset(SAMPLE_DESCRIPTION, _composed)])
    more = SongFolder(settings.more_songs_dir) if settings.more_songs_dir else None
    listed = _of_folders(SongFolder(settings.songs_dir), more)
    return dg.Definitions(assets=[_song_files_asset(FOLDER_DESCRIPTION, listed)])
