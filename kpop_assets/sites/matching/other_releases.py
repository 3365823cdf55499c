"""Words that name another release of an album: live, instrumental, remixed, in another language.

Such a release has a cover of its own, or none, and is not the album. The words count wherever they
stand in a title: in brackets, after a dash, at its end. That does no harm to "Long Live The Angels"
or "Remix", as two titles are compared by how often each says such a word.
"""

from __future__ import annotations

import re
from collections import Counter

from kpop_assets.text import comparable

_VERSION = r"""(?: \s* (?: ver(?:sion)? (?![^\W\d_]) \.? | 버전 | 버젼 | バージョン | edition
    | album | 앨범 | 에디션 | 판 | 版 | 盤 ) )*"""
_START, _END = r"(?<![^\W_])", r"(?![^\W_])"
_LANGUAGE_ENDS = r"(?= \s* (?: $ | [)\]}>~/|,:;.\-–—_] ) )"
_KINDS = {
    "live": (
        r"live | in \s concert | concert | unplugged",
        r"(?<![가-힣]) (?: 라이브 | 콘서트 | 실황 ) (?: \s* (?: 앨범 | 버전 | 실황 ) )* (?![가-힣])"
        r" | (?<![ァ-ヶー]) (?: ライブ | ライヴ | コンサート ) (?![ァ-ヶ])"
        r" | 现场 | 現場 | 演唱会 | 演唱會",
    ),
    "instrumental": (
        r"inst(?:r? \. | rumentals? )? | (?<=[(\[]) mr (?=[)\]]) | off \s* vocals?"
        r" | (?: no | without | minus ) \s vocals? | backing \s tracks?",
        r"(?<![가-힣]) 인스트 (?: 루멘[탈털] | 루먼[탈털] )? (?![가-힣]) | (?<![가-힣]) 연주곡"
        r" | インスト (?: ゥ? ルメンタル )? | (?<![가-힣]) 엠알 (?![가-힣]) | 伴奏",
    ),
    "remix": (
        r"re-?mix(?:es|ed)? | rmx | (?<=\w\s) mix(?:es)? (?= \s* (?: $ | [)\]] ) )",
        r"리믹스 | リミックス | 混音",
    ),
    "karaoke": (
        r"karaoke | sing[\s-]?along",
        r"(?<![가-힣]) (?: 노래방 | 가라오케 | 반주 ) | カラオケ | 卡拉 \s? ok",
    ),
    "acoustic": (r"acoustic", r"(?<![가-힣]) 어쿠스틱 | アコースティック"),
    "soundtrack": (
        r"o\.?s\.?t | (?: original \s )? (?: (?: motion \s picture | television | tv | drama"
        r" | movie | game ) \s )? sound[\s-]?tracks? | original \s score",
        r"사운드\s?트랙 | 오에스티 | サウンドトラック | サントラ | 原声带 | 原聲帶",
    ),
}
_LANGUAGES = {
    "japanese": (r"japan(?:ese)? | jpn? | jap", r"일본어? | 일어 | 日本語? | 日語 | 日文 | 日版"),
    "english": (r"english | eng", r"영어 | 영문 | 잉글리[시쉬] | 英語 | 英语 | 英文"),
    "chinese": (
        r"chinese | mandarin | chn | china",
        r"중국어? | 중문 | 中国語 | 中國語 | 中文 | 国语 | 國語 | 华语 | 華語",
    ),
    "cantonese": (r"cantonese", r"광둥어 | 粤语 | 粵語"),
    "taiwanese": (r"taiwan(?:ese)?", r"대만 | 台湾 | 台灣"),
    "thai": (r"thai(?:land)?", r"태국어?"),
    "spanish": (r"spanish", r"스페인어"),
    "french": (r"french", r"프랑스어"),
    "german": (r"german", r"독일어"),
    "indonesian": (r"indonesian?", r"인도네시아어"),
    "russian": (r"russian", r"러시아어"),
}


def _pattern() -> re.Pattern[str]:
    kinds = [
        rf"(?P<{name}> (?: {_START} (?: {latin} ) {_END} \.? | {others} ) {_VERSION} )"
        for name, (latin, others) in _KINDS.items()
    ]
    languages = [
        rf"(?P<{name}>"
        rf" (?: {_START} (?: {latin} ) {_END} \.? | (?<![가-힣]) (?: {others} ) )"
        rf" (?: {_LANGUAGE_ENDS} | {_VERSION.removesuffix('*')}+"
        rf" | (?= \s (?: \d | single | mini | debut | limited | 싱글 | 미니 | 정규 ) ) ) )"
        for name, (latin, others) in _LANGUAGES.items()
    ]
    return re.compile("|".join([*kinds, *languages]), re.VERBOSE)


_WORDS = _pattern()


def other_releases(title: str) -> Counter[str]:
    """Return how often a title says that it is live, remixed, japanese, ..; mostly nothing.

    A word and its translation, as in "라이브 (Live)", are said once.
    """
    found = list(_WORDS.finditer(comparable(title)))
    latin = Counter(one.lastgroup or "" for one in found if one.group()[0].isascii())
    others = Counter(one.lastgroup or "" for one in found if not one.group()[0].isascii())
    return latin | others


def with_plain_words(title: str) -> str:
    """Return the title, comparable, with one word for each such release.

    "Evergreen (Inst. Ver.)" and "Evergreen [Instrumental]" both say "instrumental". A translation
    stays: "라이브 (Live)" says "라이브 (live)".
    """
    plain = comparable(title)
    latin = {one.lastgroup for one in _WORDS.finditer(plain) if one.group()[0].isascii()}

    def word(found: re.Match[str]) -> str:
        is_translation = not found.group()[0].isascii() and found.lastgroup in latin
        return found.group() if is_translation else f" {found.lastgroup} "

    return _WORDS.sub(word, plain)
