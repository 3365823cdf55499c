"""General covers from image search."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import dagster as dg
from pydantic import Field, field_validator

from kpop_assets.defs.cluster.source_retries import asked_again
from kpop_assets.defs.freshness import CRAWL_FRESHNESS, sources_answered, sources_answered_spec
from kpop_assets.defs.pools import IMAGE_SEARCH
from kpop_assets.defs.previews import picture_previews
from kpop_assets.defs.resources import StoreResource
from kpop_assets.defs.reuse.turns import unless_just_made
from kpop_assets.defs.site_resource import SiteResource
from kpop_assets.defs.versions import table_version
from kpop_assets.defs.world import of_sites
from kpop_assets.sites.search.image_search import KEYWORDS, MAX_PER_KEYWORD, MIN_SIZE
from kpop_assets.store.artifacts import Store
from kpop_assets.store.leftovers import remove_leftover_pictures
from kpop_assets.store.tables import Table
from kpop_assets.text import one_line

if TYPE_CHECKING:
    from kpop_assets.harvest.general_crawl import GeneralCrawl


MOST_KEYWORDS, MOST_KEYWORD_LETTERS = 100, 200


class CrawlConfig(dg.Config):
    """What the general crawl asks for."""

    keywords: list[str] = Field(
        list(KEYWORDS),
        min_length=1,
        max_length=MOST_KEYWORDS,
        description="Search words; the default is the original's four English and three Korean.",
    )
    bing_pictures: int = Field(
        MAX_PER_KEYWORD["bing"],
        ge=0,
        description="Most pictures per keyword from Bing. 0 leaves Bing out.",
    )
    google_pictures: int = Field(
        MAX_PER_KEYWORD["google"],
        ge=0,
        description="Most pictures per keyword from Google. 0 leaves Google out.",
    )
    smallest_side: int = Field(
        min(MIN_SIZE), ge=1, description="Pictures with a shorter side, in pixels, are skipped."
    )
    fewest_covers: int = Field(
        100,
        ge=1,
        description="A crawl that finds fewer pictures, new and known together, fails and changes "
        "nothing.",
    )
    most_asked_again: int = Field(
        200,
        ge=0,
        description="Most pictures of earlier crawls, no longer listed, whose addresses are asked "
        "whether they are still there.",
    )

    @field_validator("keywords")
    @classmethod
    def _keywords_are_words(cls, value: list[str]) -> list[str]:
        for keyword in value:
            if not 0 < len(one_line(keyword)) <= MOST_KEYWORD_LETTERS:
                raise ValueError(
                    f"expected search words of 1 to {MOST_KEYWORD_LETTERS} letters, got one of "
                    f"{len(keyword):,}"
                )
        return value


@dg.asset(
    group_name="crawl",
    pool=IMAGE_SEARCH,
    kinds={"pandas", "image"},
    code_version="2",
    io_manager_key="tables",
    freshness_policy=CRAWL_FRESHNESS,
    check_specs=[sources_answered_spec("crawled_covers")],
)
@unless_just_made
def crawled_covers(
    context: dg.AssetExecutionContext,
    config: CrawlConfig,
    sites: SiteResource,
    store: StoreResource,
) -> Iterator[dg.MaterializeResult[Table]]:
    """General K-pop covers from Bing and Google image search, one row per distinct picture.

    A crawl adds to what earlier ones found and drops nothing: a row says with which keyword and
    engine, on which page and when its picture was found first and last, and since when it is gone
    from the web, if it is. A crawl below the floor in its config fails and changes nothing.
    """
    from kpop_assets.harvest import crawl_files
    from kpop_assets.harvest.crawl_merge import EarlierCrawls
    from kpop_assets.harvest.general_crawl import GeneralCrawl

    files, started_at = store.open(), sites.now()
    remove_leftover_pictures(files, context.log.info)
    with asked_again(context, sites), sites.session() as session:
        earlier = EarlierCrawls(crawl_files.earlier_table(files, sites.sites), files)
        crawl = GeneralCrawl(
            session, files, earlier, started_at, config.smallest_side, context.log.info
        )
        crawl.search(
            config.keywords, {"bing": config.bing_pictures, "google": config.google_pictures}
        )
        _log_searches(context, crawl)
        crawl.require(config.fewest_covers)
        crawl.ask_again(config.most_asked_again)
        table = crawl.merged()
        crawl_files.set_other_world_aside(files, sites.sites)
        yield _result(files, crawl, table)


def _log_searches(context: dg.AssetExecutionContext, crawl: "GeneralCrawl") -> None:
    for search in crawl.searches:
        log = context.log.info if search.found else context.log.warning
        log(f"{search.engine} {search.keyword!r}: {search.notes}")


def _result(files: Store, crawl: "GeneralCrawl", table: Table) -> dg.MaterializeResult[Table]:
    """The table of all crawls; its data version says which pictures there are and which are gone.

    The times of the crawl are no part of it.
    """
    by_hash = table.assign(gone=table["gone_since"].notna()).sort_values("hash")
    searches = [
        dg.TableRecord(
            {
                "engine": search.engine,
                "keyword": search.keyword,
                "pictures": len(search.found),
                "notes": search.notes,
            }
        )
        for search in crawl.searches
    ]
    return dg.MaterializeResult(
        value=table,
        check_results=[sources_answered(crawl.silent_engines())],
        data_version=table_version(by_hash, ["hash", "gone"]),
        metadata={
            **picture_previews(files, table["hash"].tolist(), "crawled covers"),
            **crawl.counts(),
            "gone_from_the_web": int(by_hash["gone"].sum()),
            "not_listed_now": len(set(table["hash"]) - crawl.hashes),
            "by_engine_and_keyword": dg.MetadataValue.table(searches),
            "sites": crawl.session.sites,
        },
    )


def definitions() -> dg.Definitions:
    """Return the crawl, in the world of the sites."""
    return of_sites(crawled_covers)
