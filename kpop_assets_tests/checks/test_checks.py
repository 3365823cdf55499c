import pandas as pd

from kpop_assets.checks.catalog import no_cover_leaks_between_sets


def test_sets_that_exclude_each_other_share_no_cover() -> None:
    sets = [["boy", "popular"], ["girl", "popular"], ["general"], [], ["popular"]]
    clean = pd.DataFrame({"hash": list("abcde"), "cover_sets": sets})
    assert no_cover_leaks_between_sets(clean).passed
    for leak in (["boy", "girl", "popular"], ["popular", "general"]):
        leaking = pd.DataFrame({"hash": list("abcdef"), "cover_sets": [*sets, leak]})
        result = no_cover_leaks_between_sets(leaking)
        assert not result.passed
        assert result.metadata["covers"].value == ["f"]
