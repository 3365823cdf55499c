import pickle

import pytest

from kpop_assets.errors import KpopAssetsError
from kpop_assets.sites.errors import PageFormatError, SiteUnreachableError
from kpop_assets.store.errors import MissingArtifactError, StoredPictureError


@pytest.mark.parametrize(
    "error",
    [
        StoredPictureError("a.jpg", "it is gone"),
        MissingArtifactError("a.parquet", "cover_catalog"),
        PageFormatError("https://a.example/", "a table", "nothing"),
        SiteUnreachableError("https://a.example/: 503 came", 503),
    ],
)
def test_a_named_error_is_the_same_on_another_machine(error: KpopAssetsError) -> None:
    there = pickle.loads(pickle.dumps(error))
    assert type(there) is type(error)
    assert str(there) == str(error)
    assert vars(there) == vars(error)


@pytest.mark.parametrize(
    ("status", "passes"),
    [(None, True), (500, True), (503, True), (429, True), (403, False), (404, False)],
)
def test_an_outage_may_pass_and_a_refusal_does_not(status: int | None, passes: bool) -> None:
    assert SiteUnreachableError("no page", status).may_pass is passes
    assert not KpopAssetsError("other").may_pass
