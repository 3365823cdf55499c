"""The page that the sample site shows to people: what it is, and what it holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import urlencode

from kpop_assets.sample_world.albums import ChartRecord, MelonAlbum
from kpop_assets.sample_world.catalogue import SAMPLE_PICTURE_HOST, Catalogue, SamplePicture
from kpop_assets.sites.search.image_search import KEYWORDS

SHOWN = 12

STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, "Noto Sans KR", sans-serif; max-width: 66rem; margin: 0 auto;
       padding: 1.5rem; }
.banner { background: #ffe9a8; color: #3b2b00; border-left: .5rem solid #d99a00;
          padding: .75rem 1rem; }
h1 { margin: 0; font-size: 1.5rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
.covers { display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr));
          gap: 1rem; padding: 0; margin: 0; list-style: none; }
.covers img { width: 100%; aspect-ratio: 1; object-fit: contain; background: #8884;
              display: block; }
.covers span { display: block; font-size: .8rem; line-height: 1.3; overflow-wrap: anywhere; }
li { margin: .15rem 0; }
"""


def index_page(
    chart: Sequence[ChartRecord], albums: Sequence[MelonAlbum], catalogue: Catalogue
) -> str:
    """An HTML page with a banner, some covers, and links to pages in the sites' formats."""
    years = sorted({record.year for record in chart})
    chart_covers = albums[:: max(1, len(albums) // SHOWN)][:SHOWN]
    found = [p for p in catalogue.pictures.values() if p.design.style == "general" and not p.fault]
    found_covers = found[:: max(1, len(found) // SHOWN)][:SHOWN]
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sample site of kpop_assets</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>
<body>
<div class="banner"><h1>This is the sample site</h1>
It answers as circlechart.kr, melon.com, bing.com and google.com do, for tests and for a first run
without a network. It is none of them: <strong>every cover here is drawn by a program</strong>, and
its table of albums is a committed snapshot of the year-end charts, which goes on below the tenth
rank with invented acts.</div>
<h2>What it holds</h2>
<ul>
<li>{len(chart)} chart entries of {years[0]} to {years[-1]}: {_chart_links(years)}</li>
<li>{len(albums)} albums, for example {_album_links(chart_covers[:4])}</li>
<li>{len(catalogue.pictures)} pictures that a picture search finds: {_search_links()}</li>
</ul>
<h2>Covers of chart albums</h2>
<ul class="covers">{"".join(map(_album_cover, chart_covers))}</ul>
<h2>Covers that the picture searches find</h2>
<ul class="covers">{"".join(map(_found_cover, found_covers))}</ul>
</body></html>"""


def example_paths() -> list[str]:
    """Paths of one page in each format, to open by hand."""
    return [
        "/",
        _path("circlechart.kr/data/api/chart/album", nationGbn="T", termGbn="year", hitYear="2019"),
        _path("www.melon.com/search/album/index.htm", q="방탄소년단 Butter"),
        _path("www.bing.com/images/async", q=KEYWORDS[1], first="0"),
        _path("www.google.com/search", q=KEYWORDS[1], tbm="isch"),
    ]


def _path(page: str, **query: str) -> str:
    return f"/{page}?{urlencode(query)}"


def _link(page: str, text: str, **query: str) -> str:
    return f'<a href="{escape(_path(page, **query))}">{escape(text)}</a>'


def _chart_links(years: Iterable[int]) -> str:
    page = "circlechart.kr/data/api/chart/album"
    links = (
        _link(page, str(year), nationGbn="T", termGbn="year", hitYear=str(year)) for year in years
    )
    return " ".join(links)


def _album_links(albums: Iterable[MelonAlbum]) -> str:
    page = "www.melon.com/search/album/index.htm"
    return ", ".join(_link(page, a.title, q=f"{a.chart_artist} {a.title}") for a in albums)


def _search_links() -> str:
    return ", ".join(_link("www.bing.com/images/async", k, q=k, first="0") for k in KEYWORDS)


def _album_cover(album: MelonAlbum) -> str:
    return _cover(
        f"/cdnimg.melon.co.kr{album.picture_path}_500.jpg", album.title, album.artist, album.year
    )


def _found_cover(picture: SamplePicture) -> str:
    design = picture.design
    return _cover(f"/{SAMPLE_PICTURE_HOST}{picture.path}", design.title, design.artist, None)


def _cover(path: str, title: str, artist: str, year: int | None) -> str:
    caption = escape(f"{artist}, {title}") + (f" ({year})" if year else "")
    return (
        f'<li><img src="{escape(path)}" alt="Drawn cover: {caption}" loading="lazy">'
        f"<span>{caption}</span></li>"
    )
