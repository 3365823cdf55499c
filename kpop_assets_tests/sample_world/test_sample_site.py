import csv
import json
from dataclasses import replace
from io import BytesIO

import pytest
import requests
from PIL import Image, ImageOps

from kpop_assets.sample_world.albums import SnapshotError
from kpop_assets.sample_world.catalogue import GENERAL_DESIGNS, SAMPLE_PICTURE_HOST, Catalogue
from kpop_assets.sample_world.index_page import index_page
from kpop_assets.sample_world.pictures import album_picture, encoded_picture
from kpop_assets.sample_world.server import SampleSite
from kpop_assets.sites.search.image_search import KEYWORDS


def test_start_and_stop_can_be_called_twice_and_the_site_can_start_again(reference_folder):
    site = SampleSite(reference_folder)
    for _ in range(2):
        site.start()
        address = site.address
        site.start()
        assert site.address == address
        assert requests.get(address, timeout=5).status_code == 200
        site.stop()
        site.stop()
        with pytest.raises(RuntimeError, match="does not run"):
            _ = site.address


def test_a_folder_without_the_snapshot_is_refused(tmp_path):
    with pytest.raises(SnapshotError, match=r"gaon_year_end_top10\.csv"):
        SampleSite(tmp_path)


def test_the_page_for_people_says_what_the_site_is_and_its_pictures_open(site):
    page = requests.get(site.address, timeout=10).text
    assert "This is the sample site" in page
    assert f"{len(site.chart)} chart entries of 2010 to 2025" in page
    picture = page.partition('<img src="')[2].partition('"')[0]
    content = requests.get(site.address + picture, timeout=10).content
    assert Image.open(BytesIO(content)).format == "JPEG"


def test_titles_that_look_like_markup_are_text_on_the_page_for_people(site):
    hostile = '"><script>alert(1)</script>'
    album = replace(site.albums[0], title=hostile, artist=hostile)
    page = index_page(site.chart, [album], site.catalogue)
    assert "<script" not in page
    assert page.count("&lt;script&gt;alert(1)") == 5
    assert "default-src 'none'" in page


def test_a_picture_that_one_has_is_not_drawn_again(site):
    path = next(path for path in site.catalogue.pictures if path.endswith(".jpg"))
    album = f"{site.address}/cdnimg.melon.co.kr{site.albums[0].picture_path}_500.jpg"
    found = f"{site.address}/{SAMPLE_PICTURE_HOST}{path}"
    for address in (album, found):
        first = requests.get(address, timeout=10)
        album_picture.cache_clear()
        encoded_picture.cache_clear()
        again = requests.get(address, headers={"If-None-Match": first.headers["ETag"]}, timeout=10)
        assert (again.status_code, again.content) == (304, b"")
        drawn = album_picture.cache_info().misses + encoded_picture.cache_info().misses
        assert drawn == 0
        other = requests.get(address, headers={"If-None-Match": '"other"'}, timeout=10)
        assert other.content == first.content


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/www.melon.com", 404),
        ("/cdnimg.melon.co.kr/x_500.jpg", 404),
        ("/example.com/", 421),
        ("/favicon.ico", 421),
    ],
)
def test_unknown_pages_and_pictures_are_404_and_unknown_hosts_misdirected(site, path, status):
    headers = {"User-Agent": "Mozilla/5.0"}
    assert requests.get(site.address + path, headers=headers, timeout=5).status_code == status


def test_melon_refuses_programs_that_do_not_look_like_a_browser(site):
    address = f"{site.address}/www.melon.com/search/album/index.htm?q=x"
    assert requests.get(address, timeout=5).status_code == 406


def test_the_chart_has_the_quirks_of_the_live_site(site):
    form = {"nationGbn": "T", "termGbn": "year", "hitYear": "2018", "targetTime": ""}
    address = f"{site.address}/circlechart.kr/data/api/chart/album"
    answer = json.loads(requests.post(address, data=form, timeout=5).content)
    assert answer["ResultStatus"] == "OK"
    assert "targetTime" in answer["ErrorMsg"]
    assert list(answer["List"]) == [str(place) for place in range(100)]
    assert answer["List"]["1"]["ALBUM_NAME"] == "LOVE YOURSELF 轉 `Tear`"
    assert all(isinstance(value, str) for value in answer["List"]["1"].values())
    thumbnail = requests.get(
        f"{site.address}/circlechart.kr{answer['List']['1']['FILE_NAME']}", timeout=5
    )
    assert Image.open(BytesIO(thumbnail.content)).size == (120, 120)


def test_two_sites_hold_the_same_pictures_and_searches(site):
    again = Catalogue(site.albums)
    assert again.pictures == site.catalogue.pictures
    assert again.found == site.catalogue.found


def test_the_searches_find_every_general_design_and_every_extra(site):
    found = {p for pair, ps in site.catalogue.found.items() for p in ps if pair[1] in KEYWORDS}
    assert found == set(site.catalogue.pictures.values())
    designs = {picture.design for picture in found if picture.path.startswith("/release/")}
    assert len(designs) == GENERAL_DESIGNS == 420
    for keyword in KEYWORDS:
        assert len(site.catalogue.found["bing", keyword]) == 60
        assert len(site.catalogue.found["google", keyword]) == 25


def a_plain_picture(site):
    plain = next(p for p in site.catalogue.pictures.values() if p.format == "jpeg" and not p.wide)
    return replace(plain, size=320)


def test_a_picture_is_encoded_as_its_entry_says(site):
    plain = a_plain_picture(site)
    for entry, file_format, size in (
        (plain, "JPEG", (320, 320)),
        (replace(plain, format="png"), "PNG", (320, 320)),
        (replace(plain, format="webp"), "WEBP", (320, 320)),
        (replace(plain, wide=True), "JPEG", (426, 320)),
    ):
        picture = Image.open(BytesIO(encoded_picture(entry)))
        assert (picture.format, picture.size) == (file_format, size)
        picture.load()


def test_a_turned_picture_stands_upright_after_its_exif_orientation(site):
    plain = a_plain_picture(site)
    upright = Image.open(BytesIO(encoded_picture(plain))).convert("L").resize((16, 16))
    lying = Image.open(BytesIO(encoded_picture(replace(plain, turned=True))))
    assert lying.getexif()[274] == 6
    turned = ImageOps.exif_transpose(lying).convert("L").resize((16, 16))
    differences = [abs(a - b) for a, b in zip(upright.tobytes(), turned.tobytes(), strict=True)]
    assert max(differences) < 24


def test_faulty_pictures_cannot_be_decoded(site):
    plain = a_plain_picture(site)
    for fault in ("text instead of a picture", "cut off"):
        with pytest.raises(OSError, match=r"identify|truncated"):
            Image.open(BytesIO(encoded_picture(replace(plain, fault=fault)))).load()


def test_artist_types_cover_every_artist_of_the_snapshot(reference_folder):
    def rows(name):
        with (reference_folder / name).open(encoding="utf-8") as table:
            return list(csv.DictReader(table))

    types = {row["artist"]: row["artist_type"] for row in rows("artist_types.csv")}
    snapshot = {row["artist_hangul"]: row["artist_type"] for row in rows("gaon_year_end_top10.csv")}
    assert types == snapshot
    assert list(types) == sorted(types)
