"""Languages that a text may be stated in: the letters a reader must know, and how case and line breaks work.

Letters: the main exemplar characters of the Unicode Common Locale Data Repository, those beyond a to z; of scripts with
hundreds of letters the commonest.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

LATIN, GREEK, CYRILLIC = ("LATIN",), ("GREEK",), ("CYRILLIC",)
A_TO_Z = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Language:
    """What a reader has to know of a language.

    Attributes:
        letters: The small letters, or the commonest characters.
        scripts: How the Unicode names of its letters begin.
        is_hyphenated: Whether a hyphen at the end of a line can stand for a word broken there.
    """

    letters: str
    scripts: tuple[str, ...] = LATIN
    is_hyphenated: bool = True


LANGUAGES: Mapping[str, Language] = {
    "ar": Language("ابتثجحخدذرزسشصضطظعغفقكلمنهوي", ("ARABIC",), is_hyphenated=False),
    "bg": Language("абвгдежзийклмнопрстуфхцчшщъьюя", CYRILLIC),
    "ca": Language(A_TO_Z + "àçéèíïóòúü"),
    "cs": Language(A_TO_Z + "áčďéěíňóřšťúůýž"),
    "da": Language(A_TO_Z + "æøå"),
    "de": Language(A_TO_Z + "äöüß"),
    "el": Language("αάβγδεέζηήθιίκλμνξοόπρσςτυύφχψωώ", GREEK),
    "en": Language(A_TO_Z),
    "es": Language(A_TO_Z + "áéíñóúü"),
    "et": Language(A_TO_Z + "äöõüšž"),
    "fi": Language(A_TO_Z + "äöå"),
    "fr": Language(A_TO_Z + "àâæçéèêëîïôœùûü"),
    "he": Language("אבגדהוזחטיכלמנסעפצקרשת", ("HEBREW",), is_hyphenated=False),
    "hi": Language("अआइउएओकखगचजटडतदनपबमयरलवशसह", ("DEVANAGARI",)),
    "hr": Language(A_TO_Z + "čćđšž"),
    "hu": Language(A_TO_Z + "áéíóöőúüű"),
    "id": Language(A_TO_Z),
    "it": Language(A_TO_Z + "àéèìóòù"),
    "ja": Language("あいうえおかきくけこさしすせそアイウエオカキクケコ日本語", ("HIRAGANA", "KATAKANA", "CJK"), False),
    "ko": Language("가나다라마바사아자차카타파하한국어", ("HANGUL",), is_hyphenated=False),
    "lt": Language(A_TO_Z + "ąčęėįšųūž"),
    "lv": Language(A_TO_Z + "āčēģīķļņšūž"),
    "nb": Language(A_TO_Z + "æøåéó"),
    "nl": Language(A_TO_Z + "áäéëíïóöúü"),
    "pl": Language(A_TO_Z + "ąćęłńóśźż"),
    "pt": Language(A_TO_Z + "áàâãçéêíóôõú"),
    "ro": Language(A_TO_Z + "ăâîșț"),
    "ru": Language("абвгдежзийклмнопрстуфхцчшщъыьэюя", CYRILLIC),
    "sk": Language(A_TO_Z + "áäčďéíĺľňóôŕšťúýž"),
    "sl": Language(A_TO_Z + "čšž"),
    "sv": Language(A_TO_Z + "åäöé"),
    "th": Language("กขคงจชซดตถทนบปพมยรลวสหอ", ("THAI",), is_hyphenated=False),
    "tr": Language(A_TO_Z + "çğıöşü"),
    "uk": Language("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя", CYRILLIC),
    "vi": Language(A_TO_Z + "ăâđêôơưáàảãạ"),
    "zh": Language("的一是不了人我在有他这中大来上国", ("CJK",), is_hyphenated=False),
}

SMALL_FORMS: Mapping[str, Mapping[str, str]] = {"tr": {"I": "ı", "İ": "i"}}
"""Languages in which a capital has another small form than elsewhere (Unicode, SpecialCasing)."""


def _greek_capitals(text: str) -> str:
    """Return capitals without the accent that small letters carry."""
    decomposed = unicodedata.normalize("NFD", text.upper())
    return unicodedata.normalize("NFC", decomposed.replace("\u0301", ""))


CAPITALS: Mapping[str, Callable[[str], str]] = {"de": str.upper, "el": _greek_capitals}
"""Languages whose capitals are spelt otherwise than letter for letter: STRASSE for Straße."""


def language_of(tag: str) -> str | None:
    """Return the language of a tag such as de-AT, or None where it is not known."""
    name = tag.lower().replace("_", "-").partition("-")[0]
    return name if name in LANGUAGES else None


def unknown_letters(language: str, charset: Iterable[str]) -> str:
    """Return the letters of a language that a reader cannot output."""
    known = frozenset(charset)
    return "".join(letter for letter in LANGUAGES[language].letters if letter not in known)


def foreign_letter(language: str, text: str) -> str | None:
    """Return the first letter of a text that is neither of the language's script nor Latin, or None.

    Example:
        >>> foreign_letter("en", "S\u0410LE")
        '\u0410'
        >>> foreign_letter("ru", "iPhone \u0442\u0443\u0442") is None
        True
    """
    scripts = (*LANGUAGES[language].scripts, *LATIN)
    letters = (c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) in ("Lu", "Ll", "Lo", "Lt"))
    return next((c for c in letters if not unicodedata.name(c, "").startswith(scripts)), None)


def spellings(language: str, text: str, *, is_case_strict: bool) -> tuple[str, ...]:
    """Return the ways to spell a text that count as the same: as given, and in capitals where they are spelt apart."""
    capitals = CAPITALS.get(language)
    if capitals is None or is_case_strict:
        return (text,)
    return tuple(dict.fromkeys((text, capitals(text))))
