"""Whether an album that a site offers is the album of the chart."""

import csv
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.sites.matching.album_match import (
    GOOD_ENOUGH,
    MOST_CANDIDATES,
    Candidate,
    Wanted,
    match,
    ranked,
    taken,
)
from kpop_assets.sites.matching.titles import split_version_remark

names = st.text(max_size=60)
titles = st.one_of(
    names,
    st.lists(
        st.sampled_from(
            ["화양연화", "pt.", "Vol.", "1", "2", "II", "(", ")", "집", "The 2nd Album",
             "Repackage", "(Kiss Ver.)", "LOVE", "-", "EP", "Chapter", "[", "]", "'",
             "정규", "미니", "부", "Live", "(Inst.)", "라이브", "Japanese Ver.", "feat. B"]
        ),
        max_size=8,
    ).map(" ".join),
)  # fmt: skip
years = st.none() | st.integers(1900, 2100)
lone_acts = names.filter(
    lambda name: not set(name) & set("&+/;×·・、､；／＋＆") and " " not in name
)


def score(wanted: str, offered: str, artist: str = "세븐틴", by: str = "세븐틴") -> float:
    return match(Wanted(artist, wanted), Candidate("1", by, offered)).score


@given(names, titles, years, st.lists(names, max_size=3), names, titles, years)
def test_any_two_albums_have_a_score_and_a_reason(artist, title, year, aliases, by, offered, then):
    found = match(Wanted(artist, title, year, tuple(aliases)), Candidate("1", by, offered, then))
    assert 0.0 <= found.score <= 1.0
    assert found.reason


@given(lone_acts, titles, years, lone_acts, titles, years)
def test_the_score_is_the_same_both_ways_for_acts_credited_alone(
    artist, title, year, by, offered, then
):
    there = match(Wanted(artist, title, year), Candidate("1", by, offered, then))
    back = match(Wanted(by, offered, then), Candidate("1", artist, title, year))
    assert there.score == back.score


@given(names, titles, years, st.lists(names, max_size=3))
def test_the_same_artist_title_and_year_score_one(artist, title, year, aliases):
    found = match(Wanted(artist, title, year, tuple(aliases)), Candidate("1", artist, title, year))
    assert (found.score, found.exact) == (1.0, True)


@given(st.lists(st.builds(Candidate, names, names, titles, years), max_size=9), names, titles)
def test_candidates_are_ranked_and_few_are_taken(candidates, artist, title):
    scored = ranked(candidates, Wanted(artist, title))
    scores = [each.match.score for each in scored]
    assert scores == sorted(scores, reverse=True)
    assert len(scored) == len(candidates)
    good = taken(scored)
    assert len(good) <= MOST_CANDIDATES
    assert all(each.match.score >= GOOD_ENOUGH for each in good)


@pytest.mark.parametrize(
    ("wanted", "offered"),
    [
        ("EX’ACT - The 3rd Album", "EX'ACT - The 3rd Album"),
        ("Sexy, Free & Single", "SEXY,FREE&SINGLE"),
        ("XOXO (Kiss Ver.)", "XOXO (Hug Ver.)"),
        ("ＢＥ", "be"),
        ("★★★★★ (5-STAR)", "5-STAR"),
    ],
)
def test_case_spaces_punctuation_and_version_remarks_do_not_count(wanted, offered):
    found = match(Wanted("엑소", wanted), Candidate("1", "엑소", offered))
    assert (found.score, found.exact) == (1.0, True)


@pytest.mark.parametrize(
    ("wanted", "offered"),
    [("촉(Choke)", "Choke"), ("훗(Hoot)", "훗"), ("맛 (Hot Sauce)", "Hot Sauce (맛)")],
)
def test_a_title_inside_or_outside_brackets_is_exact_but_behind_the_whole_one(wanted, offered):
    found = match(Wanted("세븐틴", wanted), Candidate("1", "세븐틴", offered))
    assert found.exact
    assert GOOD_ENOUGH <= found.score < 1.0
    assert found.reason == "the same title in brackets"


@pytest.mark.parametrize(
    ("wanted", "offered"),
    [
        ("1집 To Anyone", "To Anyone"),
        ("Odd - The 4th Album", "Odd"),
        ("Sing For You", "Sing for You - EP"),
        ("정규1집 리패키지 XOXO", "The 1st Album 'XOXO' (Repackage)"),
        ("9th Mini Album `Attacca`", "Attacca"),
        ("9th Mini Album `Attacca`", "세븐틴 9th Mini Album 'Attacca'"),
        ("Mini Album Vol. 4 'TONIGHT'", "TONIGHT"),
        ("Chapter One", "Chapter 1"),
        ("Chapter 1. Dream Girl", "Chapter I Dream Girl"),
        ("화양연화 pt.2", "화양연화 Part II"),
    ],
)
def test_remarks_about_the_kind_of_album_leave_it_the_same_but_not_exact(wanted, offered):
    found = match(Wanted("세븐틴", wanted), Candidate("1", "세븐틴", offered))
    assert not found.exact
    assert found.score == 0.95


@pytest.mark.parametrize(
    ("wanted", "offered", "reason"),
    [
        ("화양연화 pt.1", "화양연화 pt.2", "another part: 2, not 1"),
        ("화양연화 (pt.1)", "화양연화", "another part: none, not 1"),
        ("Best Vol. 1", "Best Vol. 2", "another part: 2, not 1"),
        ("1집", "2집", "another album of the artist: number 2, not 1"),
        ("1집 A", "2집 A", "another album of the artist: number 2, not 1"),
        ("The 2nd Mini Album", "미니 3집", "another mini of the artist: number 3, not 2"),
        ("Chapter 1", "Chapter 2", "another part: 2, not 1"),
        ("Chapter I", "Chapter Two", "another part: 2, not 1"),
        ("Queendom II", "Queendom III", "other numbers in the title: 3, not 2"),
        ("Queendom", "Queendom Ⅱ", "other numbers in the title: 2, not none"),
        ("봄 1부", "봄 2부", "another part: 2, not 1"),
        ("MAP OF THE SOUL : 7", "MAP OF THE SOUL : PERSONA", "other numbers in the title"),
        ("BE", "BE (Deluxe Edition)", "a repackage or deluxe edition is another release"),
        ("미인아", "미인아 (Repackage)", "a repackage or deluxe edition is another release"),
        ("DREAM( )SCAPE", "DREAMSCAPE", "empty brackets"),
        ("LOVE YOURSELF 承 'Her'", "LOVE YOURSELF 轉 'Tear'", "titles are 85% alike"),
        ("WINGS", "WINGS: YOU NEVER WALK ALONE", "one title is a piece of the other"),
        ("ROMANCE : UNTOLD", "ROMANCE : UNTOLD -daydream-", "one title is a piece of the other"),
        ("중독 (Overdose)", "上瘾 (Overdose)", "titles are"),
        ("Hello", "Hello - Single", "one title is a piece of the other"),
    ],
)
def test_other_releases_are_never_taken(wanted, offered, reason):
    for one, other in ((wanted, offered), (offered, wanted)):
        assert score(one, other) < GOOD_ENOUGH
    assert reason in match(Wanted("세븐틴", wanted), Candidate("1", "세븐틴", offered)).reason


def test_a_misspelt_title_is_taken_with_how_alike_it_is():
    found = match(Wanted("트와이스", "Feel Specal"), Candidate("1", "트와이스", "Feel Special"))
    assert GOOD_ENOUGH < found.score < 0.95
    assert found.reason == "titles are 95% alike"


def test_an_artist_has_names_in_hangul_and_latin_and_another_artist_is_never_taken():
    wanted = Wanted("엑소", "EXODUS", aliases=("EXO",))
    assert match(wanted, Candidate("1", "EXO", "EXODUS")).score == 1.0
    assert match(wanted, Candidate("1", "엑소 (EXO)", "EXODUS")).score == 1.0
    other = match(wanted, Candidate("1", "EXO-K", "EXODUS"))
    assert other.score == 0.5
    assert other.reason.startswith("another artist")
    assert match(Wanted("엑소", "EXODUS"), Candidate("1", "EXO", "EXODUS")).score < GOOD_ENOUGH


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("19집 Hello", "Hello"),
        ("LOVE ME RIGHT - The 2nd Album Repackage", "LOVE ME RIGHT - Repackage"),
        ("2ND ALBUM 'TEEN, AGE'", "TEEN, AGE"),
        ("DON'T MESS UP MY TEMPO - The 5th Album", "DON'T MESS UP MY TEMPO"),
        ("화양연화 pt.2", "화양연화 pt.2"),
        ("1집", "1집"),
    ],
)
def test_shops_are_asked_for_the_latin_name_and_the_bare_title(title, words):
    assert Wanted("가수", title, aliases=("Singer",)).search_words == ("Singer", words)


def test_of_two_albums_of_one_name_that_of_the_right_year_comes_first():
    offered = [Candidate("old", "빅뱅", "BIGBANG", 2006), Candidate("new", "빅뱅", "BIGBANG", 2011)]
    first, second = ranked(offered, Wanted("빅뱅", "BIGBANG", 2012))
    assert first.candidate.album_id == "new"
    assert second.match.good_enough
    assert second.match.reason == "the same title; of 2006, wanted for 2012"


def test_no_two_albums_of_the_snapshot_are_taken_for_each_other(reference_folder):
    with (reference_folder / "gaon_year_end_top10.csv").open(encoding="utf-8") as table:
        albums = {
            (row["artist_hangul"], split_version_remark(row["album_hangul"])[0], row["artist"])
            for row in csv.DictReader(table)
        }
    assert len(albums) == 154
    for (artist, title, latin), (by, offered, _) in permutations(albums, 2):
        found = match(Wanted(artist, title, aliases=(latin,)), Candidate("1", by, offered))
        assert not found.good_enough, (artist, title, by, offered, found)


OTHER_RELEASES = [
    "Evergreen Live",
    "Evergreen (Live)",
    "Evergreen (Live ver.)",
    "Evergreen (Live at Seoul)",
    "Evergreen ～Ｌｉｖｅ～",
    "Evergreen In Concert",
    "Evergreen - Instrumental",
    "Evergreen (Inst.)",
    "Evergreen (Inst. Ver.)",
    "Evergreen (MR)",
    "Evergreen (Remixes)",
    "Evergreen: The Remixes",
    "Evergreen (Club Mix)",
    "Evergreen [Karaoke Version]",
    "Evergreen (Acoustic Ver.)",
    "Evergreen OST",
    "Evergreen (Original Television Soundtrack)",
    "EVERGREEN (Japanese Ver.)",
    "Evergreen -Japan-",
    "Evergreen – Japan Edition",
    "Evergreen (English Version)",
    "Evergreen (Chinese Ver.)",
    "Evergreen (Thai Version)",
    "Evergreen (라이브)",
    "Evergreen (인스트루멘탈)",
    "Evergreen (노래방)",
    "Evergreen 일본어 버전",
    "Evergreen(영어 버전)",
    "Evergreen ライブ",
    "Evergreen (日本語版)",
]


@pytest.mark.parametrize("title", OTHER_RELEASES)
def test_a_live_instrumental_remixed_or_translated_release_is_never_the_album(title):
    for wanted, offered in (("Evergreen", title), (title, "Evergreen")):
        found = match(Wanted("가수", wanted), Candidate("1", "가수", offered))
        assert not found.exact
        assert not found.good_enough
    assert score("에버그린 (Evergreen)", title) < GOOD_ENOUGH
    same = match(Wanted("가수", title), Candidate("1", "가수", title))
    assert (same.score, same.exact) == (1.0, True)


@pytest.mark.parametrize(
    ("wanted", "offered"),
    [
        ("Evergreen (Live)", "Evergreen - Live"),
        ("Evergreen (Inst.)", "Evergreen [Instrumental]"),
        ("Evergreen (Japanese Ver.)", "Evergreen (일본어 버전)"),
        ("Evergreen (Remixes)", "Evergreen Remix"),
        ("Live", "라이브 (Live)"),
        ("Instrumental", "Instrumental (Kiss Ver.)"),
    ],
)
def test_one_such_release_is_known_however_it_is_written(wanted, offered):
    assert match(Wanted("가수", wanted), Candidate("1", "가수", offered)).exact


@pytest.mark.parametrize(
    "title", ["Live", "Remix", "Alive", "Oliver", "Believe", "Livewire", "Long Live The Angels",
              "Instrumental", "드라이브", "French Kiss", "Mr.Mr.", "Ghost", "Mixtape"]
)  # fmt: skip
def test_a_title_of_such_words_or_letters_is_a_title(title):
    for offered in (title, f"{title} (Kiss Ver.)", f"{title} - EP", f"{title} [LP]"):
        assert score(title, offered) >= 0.95
    assert score(title, f"{title} (Live)") < GOOD_ENOUGH


@pytest.mark.parametrize(
    "title",
    ["Evergreen (Feat. Guest)", "Evergreen feat. Guest", "Evergreen ft. Guest",
     "Evergreen [featuring Guest]", "Evergreen (with Guest)", "Evergreen (Prod. Guest)",
     "Evergreen (Explicit)", "Evergreen (Clean)", "Evergreen - EP", "Evergreen (Korean Ver.)"],
)  # fmt: skip
def test_guests_and_marks_of_shops_make_no_other_release(title):
    assert score("Evergreen", title) >= GOOD_ENOUGH
    assert score(title, "Evergreen") >= GOOD_ENOUGH


def test_a_translated_bracket_before_a_guest_is_kept_whole():
    assert score("에버그린", "에버그린 (Evergreen) feat. Guest") >= GOOD_ENOUGH
