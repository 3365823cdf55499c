import csv
import unicodedata

import pytest

from kpop_assets.sites.matching.titles import (
    normalised_title,
    own_release_words,
    same_artist,
    same_title,
    split_version_remark,
    title_similarity,
    without_own_release_words,
)

REMARKS_IN_THE_SNAPSHOT = {
    (2010, 10): ("The Beginning", "New Limited Edition"),
    (2013, 1): ("정규1집 리패키지 XOXO", "Kiss Ver."),
    (2013, 3): ("XOXO", "Kiss Ver."),
    (2013, 4): ("12월의 기적 (Miracles in December)", "Korean Ver."),
    (2013, 6): ("XOXO", "Hug Ver."),
    (2013, 7): ("정규1집 리패키지 XOXO", "Hug Ver."),
    (2013, 10): ("十二月的奇迹 (Miracles in December)", "Chinese Ver."),
    (2015, 1): ("EXODUS", "Korean Ver."),
    (2015, 2): ("Sing For You", "Korean Ver."),
    (2015, 3): ("LOVE ME RIGHT - The 2nd Album Repackage", "Korean Ver."),
    (2015, 4): ("EXODUS", "Chinese Ver."),
    (2015, 7): ("Sing For You", "Chinese Ver."),
    (2016, 2): ("EX’ACT - The 3rd Album", "Korean Ver."),
    (2016, 8): ("EX’ACT - The 3rd Album", "Chinese Ver."),
    (2016, 9): ("LOTTO - The 3rd Album Repackage", "Korean Ver."),
    (2017, 2): ("THE WAR - The 4th Album", "Korean Ver."),
    (2017, 7): ("The Power Of Music - The 4th Album Repackage", "Korean Ver."),
}


def test_these_albums_of_the_snapshot_carry_a_version_remark_and_no_others(reference_folder):
    with (reference_folder / "gaon_year_end_top10.csv").open(encoding="utf-8") as table:
        split = {
            (int(row["year"]), int(row["rank"])): split_version_remark(row["album_hangul"])
            for row in csv.DictReader(table)
        }
    assert len(split) == 160
    assert {key: value for key, value in split.items() if value[1]} == REMARKS_IN_THE_SNAPSHOT


@pytest.mark.parametrize(
    ("album", "title", "remark"),
    [
        ("OBSESSION (KiT)", "OBSESSION", "KiT"),
        ("OBSESSION (KiT ver.)", "OBSESSION", "KiT ver."),
        ("GOLDEN (Weverse Albums ver.)", "GOLDEN", "Weverse Albums ver."),
        ("2집 In Heaven (Special Edition)", "2집 In Heaven", "Special Edition"),
        ("XOXO (Korean Ver.) (KiT)", "XOXO", "Korean Ver., KiT"),
        ("THE ALBUM [LP]", "THE ALBUM", "LP"),
        ("XOXO（Ｋｉｓｓ　Ｖｅｒ．）", "XOXO", "Kiss Ver."),
        ("XOXO 【한정반】 ［ＫｉＴ］", "XOXO", "한정반, KiT"),
        (unicodedata.normalize("NFD", "훗 (키노 버전)"), "훗", "키노 버전"),
        ("XOXO (Kiss\u200b Ver.)\ufeff", "XOXO", "Kiss Ver."),
    ],
)
def test_a_version_remark_is_split_off(album, title, remark):
    assert split_version_remark(album) == (title, remark)


@pytest.mark.parametrize(
    "album",
    [
        "맛 (Hot Sauce) - The 1st Album",
        "맛 (Hot Sauce)",
        "미인아(BONAMANA)",
        "1X1=1(TO BE ONE)",
        "질주 (2 Baddies)",
        "미인아 (Repackage)",
        "BE (Deluxe Edition)",
        "(LP)",
    ],
)
def test_other_brackets_belong_to_the_title(album):
    assert split_version_remark(album) == (album, None)


def test_normalised_titles_keep_letters_and_digits_of_any_script():
    assert normalised_title("LOVE YOURSELF 轉 'Tear'") == "loveyourself轉tear"
    assert normalised_title("1¹¹=1 (POWER OF DESTINY)") == "1111powerofdestiny"
    assert normalised_title("ＢＥ ！") == "be"
    assert normalised_title("★ ★") == "★★"


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("촉(Choke)", "Choke"),
        ("촉(Choke)", "촉"),
        ("촉(Choke)", "Choke (촉)"),
        ("★★★★★ (5-STAR)", "5-STAR"),
        ("Sexy, Free & Single", "SEXY, FREE & SINGLE"),
        ("EX'ACT", "EX’ACT"),
    ],
)
def test_titles_of_one_release_are_the_same(a, b):
    assert same_title(a, b)
    assert same_title(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("미인아(BONAMANA)", "미인아 (Repackage)"),
        ("미인아", "미인아 (Repackage)"),
        ("BE", "BE (Deluxe Edition)"),
        ("DREAM( )SCAPE", "DREAMSCAPE"),
        ("중독 (Overdose)", "上瘾 (Overdose)"),
        ("화양연화 pt.1", "화양연화 pt.2"),
    ],
)
def test_titles_of_two_releases_differ(a, b):
    assert not same_title(a, b)
    assert not same_title(b, a)


def test_how_alike_two_titles_are_does_not_depend_on_their_order():
    assert title_similarity("To Anyone", "TO ANYONE!") == 1.0
    assert title_similarity("Butter", "화양연화 pt.1") < 0.3
    assert title_similarity("tide", "diet") == title_similarity("diet", "tide")


def test_words_for_an_own_release_are_known_in_any_spelling_and_can_be_left_out():
    assert own_release_words("정규1집 리패키지 XOXO") == {"repackage"}
    assert own_release_words("XOXO (Re-packaged Album)") == {"repackage"}
    assert own_release_words("BE (Deluxe Edition)") == {"deluxe"}
    assert own_release_words("BE") == set()
    assert without_own_release_words("BE (Deluxe Edition)").strip() == "BE"
    assert without_own_release_words("Repackage") == "Repackage"


def test_artists_share_a_name_inside_or_outside_brackets():
    assert same_artist("빅스 (VIXX)", "VIXX")
    assert same_artist("세븐틴", "세븐틴 (SEVENTEEN)")
    assert same_artist("GD, TOP (빅뱅)", "GD, TOP")
    assert not same_artist("엔시티", "엔시티 127")
    assert not same_artist("EXO-K", "EXO-M")


@pytest.mark.parametrize(
    "album",
    ["EVERGREEN (Japanese Ver.)", "Evergreen (Live ver.)", "Evergreen (Inst. Ver.)",
     "Evergreen [Karaoke Version]", "Evergreen (English Version)", "Evergreen (라이브 버전)"],
)  # fmt: skip
def test_a_remark_that_names_another_release_stays_in_the_title(album):
    assert split_version_remark(album) == (album, None)


@pytest.mark.parametrize(
    "credit",
    ["Singer feat. Guest", "Singer ft. Guest", "Singer Featuring Guest", "Singer (Feat. Guest)",
     "SINGER FEAT.GUEST", "Singer with Guest", "Singer (with Guest)", "Singer con Guest",
     "Singer Prod. Guest", "Singer (Prod. by Guest)", "Singer 피처링 Guest", "Singer & Guest",
     "Singer＆Guest", "Guest & Singer", "Singer x Guest", "Singer × Guest", "Singer and Guest",
     "Singer vs. Guest", "Singer, Guest", "Singer; Guest", "Singer / Guest", "Singer 와 Guest",
     "Si\u200bnger feat. Guest", "가수 (Singer) feat. Guest"],
)  # fmt: skip
def test_who_stands_first_in_a_credit_is_the_act_and_so_is_who_stands_beside(credit):
    assert same_artist("Singer", credit)


@pytest.mark.parametrize(
    "credit",
    ["Guest", "Singers", "Other Singer", "Singer Band", "Guest feat. Singer", "Guest (ft. Singer)",
     "Guest with Singer", "Guest prod. Singer", "Guest & Other feat. Singer", "Guest Singers & Co"],
)  # fmt: skip
def test_a_guest_or_a_namesake_is_not_the_act(credit):
    assert not same_artist("Singer", credit)


def test_a_name_with_an_ampersand_is_one_act():
    duo = "Salt & Pepper"
    for credit in ("Salt & Pepper", "Salt ＆ Pepper", "Salt and Pepper", "Salt & Pepper feat. B"):
        assert same_artist(duo, credit)
    for credit in ("Salt", "Pepper", "Salt & Sugar", "Pepper feat. B"):
        assert not same_artist(duo, credit)
    assert same_artist("TOMORROW X TOGETHER", "TOMORROW X TOGETHER")
    assert not same_artist("TOMORROW X TOGETHER", "TOGETHER")


def test_a_duo_is_known_where_a_shop_features_one_of_the_two():
    assert same_artist("A & B", "A feat. B")
    assert same_artist("A & B", "A (feat. B)")
    assert same_artist("아이유", "아이유와 친구")
