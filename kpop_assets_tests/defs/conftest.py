"""Source assets on a sample site that the test holds, so that faults can be asked of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from kpop_assets.definitions import definitions
from kpop_assets.defs.crawl.crawled_covers import CrawlConfig
from kpop_assets.defs.site_resource import SiteResource
from kpop_assets.harvest.entry_covers import covers_of_entries
from kpop_assets.project import REFERENCE_FOLDER
from kpop_assets.sample_world.server import SampleSite
from kpop_assets.settings import Settings
from kpop_assets.sites.http.session import SiteSession
from kpop_assets.sites.http.transport import Limits
from kpop_assets.sites.matching.titles import split_version_remark
from kpop_assets.store.artifacts import Store

QUICK = Limits(
    connect_s=1,
    read_s=0.6,
    total_s=1.5,
    max_bytes=2_000_000,
    retries=3,
    backoff_s=0.01,
    retry_after_max_s=0.01,
)
FEW_RETRIES = Limits(retries=1, backoff_s=0.01, retry_after_max_s=0.01)

KEYWORD, OTHER_KEYWORD = "한국 앨범 표지", "가온 앨범 아트"
CRAWL = CrawlConfig(keywords=[KEYWORD], bing_pictures=8, google_pictures=6, fewest_covers=5)
BING_ONLY = CRAWL.model_copy(update={"google_pictures": 0})
GOOGLE_ONLY = CRAWL.model_copy(update={"bing_pictures": 0})
Crawl = Callable[[CrawlConfig], dg.ExecuteInProcessResult]

Look = Callable[..., pd.DataFrame]


class RunningSite(SiteResource):
    """Sessions with a sample site that runs already, with little patience if it has faults."""

    address: str
    patient: bool = False

    @contextmanager
    def session(self) -> Iterator[SiteSession]:
        yield SiteSession.sample(self.address, Limits() if self.patient else QUICK)


@pytest.fixture(scope="module")
def running_site() -> Iterator[SampleSite]:
    with SampleSite(REFERENCE_FOLDER) as site:
        yield site


@pytest.fixture
def materialize_at(
    running_site: SampleSite, tmp_path: Path, instance: dg.DagsterInstance
) -> Iterator[Callable[..., dg.ExecuteInProcessResult]]:
    """Materializes source assets from `running_site` into `tmp_path`; ends without faults."""
    running_site.faults.clear()
    yield materializing_at(running_site, tmp_path, instance)
    running_site.faults.clear()


def materializing_at(
    site: SampleSite, store: Path, instance: dg.DagsterInstance
) -> Callable[..., dg.ExecuteInProcessResult]:
    lineage = definitions(Settings(sites="sample", covers_dir=None, store=store))

    def materialize(*selection: str, **config: dg.Config) -> dg.ExecuteInProcessResult:
        sites = RunningSite(sites="sample", address=site.address, patient=not site.faults)
        return dg.materialize(
            [*(lineage.assets or []), *(lineage.asset_checks or [])],
            selection=dg.AssetSelection.assets(*selection),
            resources={**(lineage.resources or {}), "sites": sites},
            instance=instance,
            run_config=dg.RunConfig(ops=dict(config)),
            raise_on_error=False,
        )

    return materialize


def chart_of(site: SampleSite, *years: int) -> pd.DataFrame:
    """Chart entries as the asset gaon_year_end_top10 has them."""
    ids = {(a.chart_artist, a.title): a.album_id for a in site.albums}
    rows = []
    for record in site.chart:
        title, version = split_version_remark(record.album)
        thumbnail = f"aoaAlbumImg/thumb/{record.year}/{ids[record.artist, title]}.jpg"
        rows.append(
            {
                "year": record.year,
                "rank": record.rank,
                "artist": record.artist,
                "album": title,
                "version": version,
                "artist_type": record.style,
                "thumbnail_address": f"sample://circlechart.kr/uploadDir/{thumbnail}",
            }
        )
    chart = pd.DataFrame(rows)
    return chart[chart["year"].isin(years)].reset_index(drop=True)


@pytest.fixture
def site(running_site: SampleSite) -> Iterator[SampleSite]:
    running_site.faults.clear()
    running_site.sent.clear()
    yield running_site
    running_site.faults.clear()


@pytest.fixture
def look(site: SampleSite, tmp_path: Path) -> Look:
    """Looks for the covers of a chart, of 2014 unless another is given; counts requests anew."""

    def covers(
        before: pd.DataFrame | None = None, chart: pd.DataFrame | None = None, **options: object
    ) -> pd.DataFrame:
        site.sent.clear()
        table = covers_of_entries(
            chart_of(site, 2014) if chart is None else chart,
            SiteSession.sample(site.address, FEW_RETRIES),
            Store(tmp_path),
            print,
            before=before,
            **options,  # type: ignore[arg-type]
        )
        path = tmp_path / "melon_covers.parquet"
        table.assign(sites="sample").to_parquet(path, index=False)
        return pd.read_parquet(path)

    return covers


def row_of(covers: pd.DataFrame, key: tuple[str, str]) -> pd.Series:
    return covers[(covers["artist"] == key[0]) & (covers["album"] == key[1])].iloc[0]


def with_changes(covers: pd.DataFrame, key: tuple[str, str], **changes: object) -> pd.DataFrame:
    """The table with other values in the row of an album."""
    changed = covers.copy()
    is_row = (changed["artist"] == key[0]) & (changed["album"] == key[1])
    for name, value in changes.items():
        changed.loc[is_row, name] = value
    return changed


@pytest.fixture
def crawl(materialize_at: Callable[..., dg.ExecuteInProcessResult]) -> Crawl:
    return lambda config=CRAWL: materialize_at("crawled_covers", crawled_covers=config)


@pytest.fixture
def table(tmp_path: Path) -> Callable[[], pd.DataFrame]:
    """Reads the table of crawled covers, by hash."""
    return lambda: pd.read_parquet(tmp_path / "crawled_covers.parquet").set_index("hash")


def path_of(address: str) -> str:
    """What a fault matches of a recorded address."""
    return "/" + address.removeprefix("sample://").partition("/")[2] + "$"
