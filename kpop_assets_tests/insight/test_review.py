"""The page on which a person sees which pictures may be no covers."""

from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from kpop_assets.covers.curating.catalog import catalog_table
from kpop_assets.covers.curating.rejected import rejected_covers
from kpop_assets.insight.review import Record, page_name, review_pages, write_review
from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import DamagedArtifactError, MissingArtifactError
from kpop_assets_tests.conftest import drawn_cover

HOSTILE = "<script>alert('x')</script>\"'&"


class Page(HTMLParser):
    """Collects tags with attributes, and the text of each <code>."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.codes: list[str] = []
        self.text = ""
        self._in_code = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "code":
            self.codes.append("")
            self._in_code = True

    def handle_endtag(self, tag: str) -> None:
        self._in_code = self._in_code and tag != "code"

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._in_code:
            self.codes[-1] += data


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def stored(store: Store, *seeds: int) -> list[str]:
    names = []
    for seed in seeds:
        picture = store.root / "drawn.jpg"
        picture.parent.mkdir(exist_ok=True)
        drawn_cover(seed, (300, 300)).save(picture)
        names.append(store.add_picture(picture.read_bytes()))
    return names


def catalog(
    names: list[str], reasons: dict[str, list[str]], rejected: dict[str, str] | None = None
) -> pd.DataFrame:
    general = pd.DataFrame(
        {
            "hash": names,
            "path": [f"pictures/{name[:2]}/{name}.jpg" for name in names],
            "width": 300,
            "height": 300,
            "perceptual_hash": [
                f"{17 ** (5 * index + 8):016x}"[-16:] for index in range(len(names))
            ],
            "sites": "sample",
        }
    )
    chart = general[:0].assign(artist_type=None)
    return catalog_table(chart, general, rejected=rejected, not_cover_reasons=reasons)


def only_page(table: pd.DataFrame, found: dict[str, Record], store: Store) -> str:
    [page] = review_pages(table, found, store)
    return page


def test_candidates_are_shown_by_reason_with_their_picture_and_the_line_to_copy(
    store: Store, tmp_path: Path
) -> None:
    wide, both, fine = stored(store, 1, 2, 3)
    table = catalog(
        [wide, both, fine],
        {wide: ["aspect far from square"], both: ["small", "page of text"], fine: []},
    )
    page = Page(only_page(table, {}, store))
    assert "2 of 3 general pictures may be no covers" in page.text
    lines = [code for code in page.codes if code.startswith((wide, both, fine))]
    assert sorted(lines) == sorted(
        [f"{wide},aspect far from square", f"{both},small; page of text"]
    )
    shown = [attributes["src"] or "" for tag, attributes in page.tags if tag == "img"]
    assert len(shown) == 2
    assert all(source.startswith("data:image/webp;base64,") for source in shown)
    linked = {attributes.get("href") for tag, attributes in page.tags if tag == "a"}
    assert f"pictures/{wide[:2]}/{wide}.jpg" in linked
    copied = tmp_path / "rejected.csv"
    copied.write_text("\n".join(["hash,reason", *lines]))
    assert set(rejected_covers(copied)) == {wide, both}


def test_what_comes_from_outside_is_shown_as_text(store: Store) -> None:
    [name] = stored(store, 1)
    found = {
        name: {
            "keyword": HOSTILE,
            "engine": HOSTILE,
            "page_address": f"https://example.org/{HOSTILE}",
            "image_address": "javascript:alert(1)",
        }
    }
    html = only_page(catalog([name], {name: [HOSTILE]}), found, store)
    page = Page(html)
    assert HOSTILE in page.text
    assert "script" not in {tag for tag, _ in page.tags}
    links = [attributes.get("href") or "" for tag, attributes in page.tags if tag == "a"]
    assert f"https://example.org/{HOSTILE}" in links
    assert not any(link.startswith("javascript:") for link in links)
    assert not any(key.startswith("on") for _, attributes in page.tags for key in attributes)
    policies = [attributes.get("content") or "" for tag, attributes in page.tags if tag == "meta"]
    assert any(policy.startswith("default-src 'none'; img-src data:") for policy in policies)


def test_rejected_pictures_are_listed_last_and_have_no_line(store: Store) -> None:
    wide, shirt = stored(store, 1, 2)
    table = catalog([wide, shirt], {wide: ["small"]}, {shirt: "a T-shirt"})
    page = Page(only_page(table, {}, store))
    assert "1 of 2 general pictures may be no covers" in page.text
    assert page.text.index("rejected already") > page.text.index("small")
    assert "rejected: a T-shirt" in page.text
    assert not any(code.startswith(shirt) for code in page.codes)


def test_a_picture_gone_from_the_store_leaves_its_line(store: Store) -> None:
    [name] = stored(store, 1)
    store.picture(name).unlink()
    page = Page(only_page(catalog([name], {name: ["small"]}), {}, store))
    assert "no longer in the store" in page.text
    assert f"{name},small" in page.codes


def test_the_page_says_where_pictures_were_found_and_lies_at_the_top_of_the_store(
    store: Store,
) -> None:
    crawled, own = stored(store, 1, 2)
    table = catalog([crawled, own], {crawled: ["small"], own: ["small"]})
    table.to_parquet(store.table("cover_catalog"))
    pd.DataFrame(
        {
            "hash": [crawled],
            "keyword": ["한국 앨범 표지"],
            "engine": ["bing"],
            "page_address": [None],
        }
    ).to_parquet(store.table("crawled_covers"))
    pd.DataFrame({"hash": [own], "file": ["on a wall.webp"]}).to_parquet(
        store.table("folder_covers")
    )
    said = write_review(store, store.root)
    assert said == f"2 pictures that may be no covers  {store.root / 'review.html'}"
    page = Page((store.root / "review.html").read_text())
    assert "bing: 한국 앨범 표지" in page.text
    assert "on a wall.webp" in page.text


def test_a_missing_a_torn_and_an_older_catalog_are_named(store: Store) -> None:
    with pytest.raises(MissingArtifactError, match="materialize cover_catalog first"):
        write_review(store, store.root)
    store.root.mkdir()
    store.table("cover_catalog").write_bytes(b"PAR1 torn")
    with pytest.raises(DamagedArtifactError, match="materialize cover_catalog again"):
        write_review(store, store.root)
    pd.DataFrame({"hash": ["a"]}).to_parquet(store.table("cover_catalog"))
    with pytest.raises(DamagedArtifactError, match="older version"):
        write_review(store, store.root)
    assert not (store.root / "review.html").exists()


def hashes_of_lines(page: Page) -> list[str]:
    return [code[:64] for code in page.codes if len(code.split(",")[0]) == 64]


def test_many_suspects_stand_on_pages_of_a_bounded_size_each_on_exactly_one(store: Store) -> None:
    names = stored(store, *range(10))
    others = [f"{number:064x}" for number in range(290)]
    reasons = {
        name: ["small"] if number % 3 else ["page of text"]
        for number, name in enumerate([*names, *others])
    }
    table = catalog(list(reasons), reasons)
    pages = [Page(html) for html in review_pages(table, {}, store, part=70)]
    assert [len(hashes_of_lines(page)) for page in pages] == [70, 70, 70, 70, 20]
    shown = [name for page in pages for name in hashes_of_lines(page)]
    assert sorted(shown) == sorted(reasons)
    assert len(set(shown)) == 300
    assert "small 1 to 70 of 200" in pages[0].text
    assert "small 141 to 200 of 200" in pages[2].text
    assert "page of text 1 to 10 of 100" in pages[2].text


def test_pages_lead_to_each_other_and_to_where_a_reason_begins(store: Store) -> None:
    reasons = {f"{number:064x}": ["small"] for number in range(5)}
    reasons |= {f"{number:064x}": ["page of text"] for number in range(5, 8)}
    table = catalog(list(reasons), reasons)
    pages = [Page(html) for html in review_pages(table, {}, store, part=3)]
    for number, page in enumerate(pages, 1):
        turning = {
            attributes["rel"]: attributes["href"]
            for tag, attributes in page.tags
            if tag == "a" and attributes.get("rel") in ("prev", "next")
        }
        expected = {"prev": page_name(number - 1), "next": page_name(number + 1)}
        assert turning == {
            rel: name
            for rel, name in expected.items()
            if name in [page_name(other) for other in range(1, len(pages) + 1)]
        }
        links = {attributes.get("href") for tag, attributes in page.tags if tag == "a"}
        assert ("#part-1" if number == 2 else "review-2.html#part-1") in links
        ids = {attributes.get("id") for _, attributes in page.tags}
        assert ("part-1" in ids) == (number in (2, 3))


def test_without_suspects_there_is_a_page_that_says_so(store: Store) -> None:
    [name] = stored(store, 1)
    page = Page(only_page(catalog([name], {}), {}, store))
    assert "0 of 1 general pictures may be no covers" in page.text
    assert "next" not in page.text


def test_pages_of_an_earlier_review_are_removed(store: Store) -> None:
    names = stored(store, *range(5))
    table = catalog(names, {name: ["small"] for name in names})
    table.to_parquet(store.table("cover_catalog"))
    said = write_review(store, store.root, part=2)
    assert said == f"5 pictures that may be no covers on 3 pages  {store.root / 'review.html'}"
    assert {path.name for path in store.root.glob("*.html")} == {
        *("review.html", "review-2.html", "review-3.html")
    }
    write_review(store, store.root, part=3)
    assert {path.name for path in store.root.glob("*.html")} == {"review.html", "review-2.html"}
