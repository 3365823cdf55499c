"""General covers from image search."""

from collections import Counter

import dagster as dg

from kpop_assets.assets.previews import picture_previews
from kpop_assets.assets.versions import table_version
from kpop_assets.config import CrawlConfig
from kpop_assets.covers.decode import UnreadablePictureError
from kpop_assets.errors import KpopAssetsError
from kpop_assets.site_resource import SiteResource
from kpop_assets.sites.image_search import Engine, FoundPicture, crawl_pictures
from kpop_assets.storage import StoreResource
from kpop_assets.tables import Table

PROVENANCE = ["keyword", "engine", "image_address", "page_address", "fetched_at"]


class CrawlTooSmallError(KpopAssetsError):
    """A crawl brought fewer covers than the config asks for."""


@dg.asset(
    group_name="crawl",
    kinds={"pandas", "image"},
    code_version="1",
    io_manager_key="tables",
)
def crawled_covers(
    context: dg.AssetExecutionContext,
    config: CrawlConfig,
    sites: SiteResource,
    store: StoreResource,
) -> dg.MaterializeResult[Table]:
    """General K-pop covers from Bing and Google image search, one row per distinct picture.

    Each row says with which keyword and engine, on which page and when the picture was found.
    A crawl below the floor in its config fails, and the previous one stays.
    """
    import pandas as pd

    from kpop_assets.assets.pictures import PICTURE_FIELDS, stored_picture

    most_pictures: dict[Engine, int] = {
        "bing": config.bing_pictures,
        "google": config.google_pictures,
    }
    rows: list[dict[str, object]] = []
    skipped: Counter[str] = Counter()
    open_store = store.open()

    def keep(found: FoundPicture) -> None:
        try:
            picture = stored_picture(
                open_store, found.content, comment=f"kpop_assets {sites.sites}"
            )
        except UnreadablePictureError as error:
            skipped[error.reason] += 1
            return
        rows.append({**picture, **{name: getattr(found, name) for name in PROVENANCE}})
        if len(rows) % 50 == 0:
            context.log.info(f"{len(rows)} pictures so far")

    with sites.session() as session:
        counts = crawl_pictures(
            session,
            config.keywords,
            [engine for engine, most in most_pictures.items() if most > 0],
            max_per_keyword=most_pictures,
            min_size=(config.smallest_side, config.smallest_side),
            on_picture=keep,
        )
    for count in counts:
        came = f"{count.pictures} pictures" if count.pictures else f"nothing: {count.reason}"
        context.log.info(f"{count.engine} {count.keyword!r}: {came}")
    table = pd.DataFrame(rows, columns=[*PICTURE_FIELDS, *PROVENANCE])
    table = (
        table.sort_values(["engine", "keyword", "image_address"])
        .drop_duplicates("hash")
        .reset_index(drop=True)
        .assign(sites=sites.sites)
    )
    reasons = "; ".join(f"{c.engine} {c.keyword!r}: {c.reason}" for c in counts if c.reason)
    if len(table) < config.fewest_covers:
        raise CrawlTooSmallError(
            f"expected at least {config.fewest_covers} covers, got {len(table)} "
            f"({len(rows)} pictures with repeats, {skipped.total()} unreadable; {reasons}); "
            "the previous crawl stays. Try again later, or lower fewest_covers"
        )
    context.log.info(f"{len(table)} distinct pictures of {len(rows)} found")
    return dg.MaterializeResult(
        value=table,
        data_version=table_version(table.sort_values("hash"), ["hash"]),
        metadata={
            **picture_previews(open_store, table["hash"].tolist(), "crawled covers"),
            "found": len(rows),
            "skipped": dict(skipped),
            "by_engine_and_keyword": dg.MetadataValue.table(
                [
                    dg.TableRecord(
                        {
                            "engine": count.engine,
                            "keyword": count.keyword,
                            "pictures": count.pictures,
                            "reason": count.reason or "",
                        }
                    )
                    for count in counts
                ]
            ),
            "sites": sites.sites,
        },
    )
