"""The page on which a person sees which pictures may be no covers."""

from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from kpop_assets.covers.curating.catalog import catalog_table
from kpop_assets.covers.curating.rejected import rejected_covers
from kpop_assets.insight.review import review_page, write_review
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


def test_candidates_are_shown_by_reason_with_their_picture_and_the_line_to_copy(
    store: Store, tmp_path: Path
) -> None:
    wide, both, fine = stored(store, 1, 2, 3)
    table = catalog(
        [wide, both, fine],
        {wide: ["aspect far from square"], both: ["small", "page of text"], fine: []},
    )
    page = Page(review_page(table, {}, store))
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
    html = review_page(catalog([name], {name: [HOSTILE]}), found, store)
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
    page = Page(review_page(table, {}, store))
    assert "1 of 2 general pictures may be no covers" in page.text
    assert page.text.index("rejected already") > page.text.index("small")
    assert "rejected: a T-shirt" in page.text
    assert not any(code.startswith(shirt) for code in page.codes)


def test_a_picture_gone_from_the_store_leaves_its_line(store: Store) -> None:
    [name] = stored(store, 1)
    store.picture(name).unlink()
    page = Page(review_page(catalog([name], {name: ["small"]}), {}, store))
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
    said = write_review(store)
    assert said == f"2 pictures that may be no covers  {store.root / 'review.html'}"
    page = Page((store.root / "review.html").read_text())
    assert "bing: 한국 앨범 표지" in page.text
    assert "on a wall.webp" in page.text


def test_a_missing_a_torn_and_an_older_catalog_are_named(store: Store) -> None:
    with pytest.raises(MissingArtifactError, match="materialize cover_catalog first"):
        write_review(store)
    store.root.mkdir()
    store.table("cover_catalog").write_bytes(b"PAR1 torn")
    with pytest.raises(DamagedArtifactError, match="materialize cover_catalog again"):
        write_review(store)
    pd.DataFrame({"hash": ["a"]}).to_parquet(store.table("cover_catalog"))
    with pytest.raises(DamagedArtifactError, match="older version"):
        write_review(store)
    assert not (store.root / "review.html").exists()
