"""A folder of one's own pictures in place of the sites."""

from collections import Counter

import dagster as dg

from kpop_assets.covers.decode import UnreadablePictureError
from kpop_assets.covers.folder import CoversFolder, CoversFolderError, FolderCover
from kpop_assets.covers.parallel import map_pictures
from kpop_assets.defs.previews import picture_previews
from kpop_assets.defs.progress import with_progress
from kpop_assets.defs.resources import StoreResource
from kpop_assets.defs.reuse.turns import unless_just_made
from kpop_assets.defs.versions import table_version
from kpop_assets.defs.world import settings_in_use
from kpop_assets.store.leftovers import remove_leftover_pictures
from kpop_assets.store.tables import Table

SKIPPED_SHOWN = 50
SKIPPED_LOGGED = 1_000


def folder_covers_asset(folder: CoversFolder) -> dg.AssetsDefinition:
    """Return the asset that reads the pictures of `folder`."""

    @dg.asset(
        group_name="own_pictures",
        kinds={"pandas", "image"},
        code_version="2",
        io_manager_key="tables",
    )
    @unless_just_made
    def folder_covers(
        context: dg.AssetExecutionContext, store: StoreResource
    ) -> dg.MaterializeResult[Table]:
        """The pictures that covers.csv in KPOP_COVERS_DIR lists, one row each.

        With an artist type (boy, girl, mixed) a picture counts as a chart cover, without as a
        general one. A column year is optional. Pictures that cannot be read are skipped, counted
        and named with the reason.
        """
        import pandas as pd

        from kpop_assets.harvest.pictures import PICTURE_FIELDS, stored_picture

        rows: list[dict[str, object]] = []
        skipped: dict[str, str] = {}
        open_store = store.open()
        remove_leftover_pictures(open_store, context.log.info)
        listing = folder.listing()
        context.log.info(f"covers.csv lists {len(listing.covers):,} pictures: {listing.read_as}")
        for note in listing.notes:
            context.log.warning(note)

        def read(cover: FolderCover) -> dict[str, object] | UnreadablePictureError:
            try:
                return stored_picture(open_store, folder.content(cover), "kpop_assets folder")
            except UnreadablePictureError as error:
                return error

        read_covers = with_progress(
            map_pictures(read, listing.covers),
            len(listing.covers),
            "pictures looked at",
            context.log.info,
        )
        for cover, picture in zip(listing.covers, read_covers, strict=True):
            if isinstance(picture, UnreadablePictureError):
                skipped[cover.file] = picture.reason
                if len(skipped) <= SKIPPED_LOGGED:
                    context.log.warning(f"{cover.file} skipped: {picture.reason}")
                continue
            listed = {"file": cover.file, "artist_type": cover.artist_type, "year": cover.year}
            rows.append({**picture, **listed})
        if not rows:
            raise CoversFolderError(
                f"expected pictures in {folder.path}, but none of the {len(skipped)} listed in "
                "covers.csv can be read; the log says why"
            )
        table = pd.DataFrame(rows, columns=[*PICTURE_FIELDS, "file", "artist_type", "year"])
        table = table.astype({"artist_type": "string", "year": "Int64"}).assign(sites="folder")
        context.log.info(f"{len(table)} pictures read, {len(skipped)} skipped")
        return dg.MaterializeResult(
            value=table,
            data_version=table_version(table, ["hash", "artist_type", "year"]),
            metadata={
                **picture_previews(open_store, table["hash"].tolist(), "own covers"),
                "folder": dg.MetadataValue.path(str(folder.path)),
                "artist_types": table["artist_type"].fillna("none").value_counts().to_dict(),
                "covers_csv": listing.read_as,
                "covers_csv_notes": listing.notes,
                "skipped": len(skipped),
                "skipped_by_reason": dict(Counter(skipped.values()).most_common(SKIPPED_SHOWN)),
                "skipped_files": dict(list(skipped.items())[:SKIPPED_SHOWN]),
            },
        )

    return folder_covers


def definitions() -> dg.Definitions:
    """Return the pictures of KPOP_COVERS_DIR, where it is set."""
    folder = settings_in_use().covers_dir
    return dg.Definitions(assets=[folder_covers_asset(CoversFolder(folder))] if folder else [])
