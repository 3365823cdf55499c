"""The page that the sample site shows to people: what it is, and what it holds."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from kpop_assets.pages.rendering import rendered
from kpop_assets.sample_world.albums import ChartRecord, MelonAlbum
from kpop_assets.sample_world.catalogue import SAMPLE_PICTURE_HOST, Catalogue
from kpop_assets.sites.search.image_search import KEYWORDS

SHOWN = 12
CHART = "circlechart.kr/data/api/chart/album"
ALBUMS = "www.melon.com/search/album/index.htm"
SEARCH = "www.bing.com/images/async"


def index_page(
    chart: Sequence[ChartRecord], albums: Sequence[MelonAlbum], catalogue: Catalogue
) -> str:
    """An HTML page with a banner, some covers, and links to pages in the sites' formats."""
    years = sorted({record.year for record in chart})
    chart_covers = albums[:: max(1, len(albums) // SHOWN)][:SHOWN]
    found = [p for p in catalogue.pictures.values() if p.design.style == "general" and not p.fault]
    found_covers = found[:: max(1, len(found) // SHOWN)][:SHOWN]
    return rendered(
        "sample_site.html",
        entries=len(chart),
        albums=len(albums),
        pictures=len(catalogue.pictures),
        years=[(year, _path(CHART, **_year(year))) for year in years],
        examples=[
            (one.title, _path(ALBUMS, q=f"{one.chart_artist} {one.title}"))
            for one in chart_covers[:4]
        ],
        searches=[(keyword, _path(SEARCH, q=keyword, first="0")) for keyword in KEYWORDS],
        chart_covers=[
            {
                "path": f"/cdnimg.melon.co.kr{one.picture_path}_500.jpg",
                "artist": one.artist,
                "title": one.title,
                "year": one.year,
            }
            for one in chart_covers
        ],
        found_covers=[
            {
                "path": f"/{SAMPLE_PICTURE_HOST}{one.path}",
                "artist": one.design.artist,
                "title": one.design.title,
                "year": None,
            }
            for one in found_covers
        ],
    )


def example_paths() -> list[str]:
    """Paths of one page in each format, to open by hand."""
    return [
        "/",
        _path(CHART, **_year(2019)),
        _path(ALBUMS, q="방탄소년단 Butter"),
        _path(SEARCH, q=KEYWORDS[1], first="0"),
        _path("www.google.com/search", q=KEYWORDS[1], tbm="isch"),
    ]


def _path(page: str, **query: str) -> str:
    return f"/{page}?{urlencode(query)}"


def _year(year: int) -> dict[str, str]:
    return {"nationGbn": "T", "termGbn": "year", "hitYear": str(year)}
