"""Languages: letters that a reader must know, and the rules of case and line breaks."""

import pytest

from qa.text import load_reader
from qa.text.languages import LANGUAGES, foreign_letter, language_of, spellings, unknown_letters
from qa.text.layout import Word, readings_of
from qa.text.reader import TextLine
from qa.text.spelling import Rules, count_edits


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "it", "pl", "cs", "sv", "ja", "zh"])
def test_the_packaged_reader_knows_the_letters_of_its_languages(language):
    assert unknown_letters(language, load_reader().charset) == ""


@pytest.mark.parametrize("language", ["ru", "uk", "ko", "ar", "he", "th", "hi", "el", "vi"])
def test_the_packaged_reader_lacks_other_scripts_and_says_which_letters(language):
    assert unknown_letters(language, load_reader().charset)


def test_every_letter_of_a_language_is_of_its_script_and_stands_once():
    for name, language in LANGUAGES.items():
        assert foreign_letter(name, language.letters) is None
        assert len(set(language.letters)) == len(language.letters)


@pytest.mark.parametrize(
    ("tag", "language"), [("de", "de"), ("de-AT", "de"), ("PT_br", "pt"), ("xx", None), ("", None)]
)
def test_only_the_language_of_a_tag_counts(tag, language):
    assert language_of(tag) == language


def test_turkish_capitals_have_their_own_small_letters():
    rules = Rules(is_case_strict=False, language="tr")
    assert count_edits("ılık içki", "ILIK İÇKİ", rules) == 0
    assert count_edits("ilik", "ILIK", rules) == 2
    assert count_edits("ilik", "ILIK", Rules(is_case_strict=False)) == 0


def test_capitals_that_are_spelt_otherwise_count_where_case_does_not():
    assert spellings("de", "Straße", is_case_strict=False) == ("Straße", "STRASSE")
    assert spellings("el", "οδός", is_case_strict=False) == ("οδός", "ΟΔΟΣ")
    assert spellings("de", "Straße", is_case_strict=True) == ("Straße",)
    assert spellings("en", "street", is_case_strict=False) == ("street",)


def test_a_language_without_hyphenation_keeps_the_hyphen_at_a_line_break():
    quad = ((0.0, 0.0), (90.0, 0.0), (90.0, 20.0), (0.0, 20.0))
    words = [Word(text, quad, 0.9, TextLine(text, quad, 0.9)) for text in ("guaran-", "teed")]
    assert readings_of(words) == ("guaran- teed", "guaranteed")
    assert readings_of(words, is_hyphenated=False) == ("guaran- teed",)
