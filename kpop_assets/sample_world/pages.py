"""The pages of the sample site, in the formats of the live sites."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any
from urllib.parse import quote

from kpop_assets.sample_world.albums import ChartRecord, MelonAlbum
from kpop_assets.sample_world.catalogue import SamplePicture

PICTURES = "https://cdnimg.melon.co.kr"
GO_TO_PAGE = " - 페이지 이동"
NO_TIME = "targetTime 값이 없습니다."


def circle_answer(records: Sequence[ChartRecord], album_ids: Sequence[str]) -> str:
    """The JSON of a yearly chart: an object of text values, with an ErrorMsg although all is well.

    For a year without a chart ``List`` is missing.
    """
    answer: dict[str, Any] = {"ResultStatus": "OK", "ErrorMsg": NO_TIME}
    if records:
        answer["List"] = {
            str(place): _circle_record(record, album_id)
            for place, (record, album_id) in enumerate(zip(records, album_ids, strict=True))
        }
    return json.dumps(answer, ensure_ascii=False)


def circle_refusal(reason: str) -> str:
    """The JSON for a request that lacks a form key."""
    return json.dumps({"ResultStatus": "FAIL", "ErrorMsg": reason}, ensure_ascii=False)


def melon_search_page(query: str, albums: Sequence[MelonAlbum]) -> str:
    """Melon's album search: a list of albums, or the words that there is no result."""
    if albums:
        found = "".join(map(_melon_result, albums))
        body = f'<div class="list_album11 d_album_list"><ul class="album11_ul">{found}</ul></div>'
    else:
        body = (
            f'<div class="no_data"><p><strong>"{escape(query)}"</strong>에 대한 '
            "검색결과가 없습니다.</p></div>"
        )
    return _melon_page(f"{query} 검색결과", body)


def melon_album_page(album: MelonAlbum) -> str:
    """Melon's page of one album."""
    artist, title = escape(album.artist), escape(album.title)
    picture = escape(_shown_picture(album, 282))
    return _melon_page(
        album.title,
        f"""
<div class="section_info"><div class="wrap_info">
 <div class="thumb"><a href="javascript:;" class="image_typeAll" title="앨범 이미지 크게 보기">
  <img width="236" height="236" src="{picture}" onerror="WEBPOCIMG.defaultAlbumImg(this);"
   alt="{title}"/></a></div>
 <div class="entry"><div class="info">
  <span class="gubun">[정규]</span>
  <div class="song_name"><strong class="none">앨범명</strong> {title}</div>
  <div class="artist"><strong class="none">아티스트명</strong>
   <a href="javascript:melon.link.goArtistDetail('1');" class="artist_name" title="{artist}">
    <span>{artist}</span></a></div>
 </div>
 <div class="meta"><dl class="list"><dt>발매일</dt><dd>{album.year}.04.01</dd>
  <dt>장르</dt><dd>댄스</dd></dl></div></div>
</div></div>""",
    )


def bing_results_page(pictures: Iterable[SamplePicture]) -> str:
    """Bing's list of pictures, with an advertisement between them that has no link."""
    entries = [f'<li data-idx="{n}">{_bing_entry(p)}</li>' for n, p in enumerate(pictures, 1)]
    advertisement = '<li><div class="imgpt"><span class="ad">sample</span></div></li>'
    return f'<ul class="dgControl_list">{advertisement}{"".join(entries)}</ul>'


def google_results_page(keyword: str, pictures: Sequence[SamplePicture]) -> str:
    """Google's page with its arrays in a script; without pictures, a page that asks for scripts."""
    heading = f"<!doctype html><html><head><title>{escape(keyword)} - sample</title></head>"
    if not pictures:
        return f"{heading}<body><noscript>Please click here to enable scripts.</noscript></body>"
    entries = [
        [
            1,
            [
                0,
                f"sample{number:03d}",
                ["https://encrypted-tbn0.gstatic.com/images?q=tbn:sample.jpg", 225, 225],
                [picture.address, picture.size, picture.size],
            ],
        ]
        for number, picture in enumerate(pictures)
    ]
    data = json.dumps(entries, separators=(",", ":")).replace("=", "\\u003d")
    script = f"AF_initDataCallback({{key: 'ds:1', data:{data}, sideChannel: {{}}}});"
    return f"{heading}<body><script>var sample=1;</script><script>{script}</script></body></html>"


def _circle_record(record: ChartRecord, album_id: str) -> dict[str, str]:
    return {
        "SERVICE_RANKING": str(record.rank),
        "PRE_SERVICE_RANKING": "0",
        "RankStatus": "new",
        "ARTIST_NAME": record.artist.replace("'", "`"),
        "ALBUM_NAME": record.album.replace("'", "`"),
        "Album_CNT": f"{int(record.sales):,}" if record.sales else "",
        "Total_CNT": "",
        "de_nm": "",
        "seq_aoa": album_id,
        "FILE_NAME": f"/uploadDir/aoaAlbumImg/thumb/{record.year}/{album_id}.jpg",
    }


def _melon_page(title: str, body: str) -> str:
    return (
        '<!DOCTYPE html><html lang="ko"><head><meta charset="utf-8"/>'
        f"<title>{escape(title)} | sample</title></head>"
        f'<body><div id="wrap"><div id="cont_wrap">{body}</div></div></body></html>'
    )


def _melon_result(album: MelonAlbum) -> str:
    link = f"javascript:melon.link.goAlbumDetail('{album.album_id}');"
    artist, title = escape(album.artist), escape(album.title)
    return f"""
<li class="album11_li"><div class="wrap_album04">
 <a href="{link}" class="thumb" title="{title}{GO_TO_PAGE}">
  <img width="130" height="130" src="{escape(_shown_picture(album, 130))}" alt="{title}"/></a>
 <div class="atist_info"><dl>
  <dt><span class="vdo_name">[정규]</span>
   <a href="{link}" class="ellipsis" title="{title}{GO_TO_PAGE}">{title}</a></dt>
  <dd class="atistname"><div class="ellipsis"><a href="javascript:melon.link.goArtistDetail('1');"
   title="{artist}{GO_TO_PAGE}">{artist}</a></div></dd>
  <dd class="wrap_btn"><span class="cnt_view">{album.year}.04.01</span></dd>
 </dl></div></div></li>"""


def _shown_picture(album: MelonAlbum, width: int) -> str:
    if album.default_picture:
        return f"{PICTURES}/resource/image/web/default/noAlbum_500_160727.jpg"
    processing = f"melon/resize/{width}/quality/80/optimize"
    return f"{PICTURES}{album.picture_path}_500.jpg/{processing}"


def _bing_entry(picture: SamplePicture) -> str:
    entry = {
        "cid": "sample",
        "purl": picture.page_address,
        "murl": picture.address,
        "t": f"{picture.design.artist} - {picture.design.title}",
    }
    packed = escape(json.dumps(entry, ensure_ascii=False, separators=(",", ":")))
    view = escape(f"/images/search?view=detailV2&mediaurl={quote(picture.address, safe='')}")
    return f'<div class="imgpt"><a class="iusc" m="{packed}" href="{view}"></a></div>'
