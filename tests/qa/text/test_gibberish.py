"""Letter salad told from words by the order of letters alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.gibberish import LETTERS, is_gibberish, packaged, salad_bits, word_parts


@pytest.mark.parametrize(
    "salad", ["SUMNER SLAEE CRFTQ", "LROEM IPSMU", "qkzjwv", "Wkx rtpl bnqs", "FREHS COFFFE BKREAY"]
)
def test_letters_in_an_order_that_words_do_not_have_are_gibberish(salad):
    assert is_gibberish(salad)


@pytest.mark.parametrize(
    "text",
    [
        "SUMMER SALE",
        "Lorem ipsum",
        "Nur solange der Vorrat reicht",
        "Qualité supérieure",
        "Prezzi già scontati",
        "Najlepsza jakość",
        "İstanbul şubesi",
        "Zephyrol",
        "Schwarzkopf",
    ],
)
def test_words_of_several_languages_and_names_that_can_be_spoken_are_none(text):
    assert not is_gibberish(text)


@pytest.mark.parametrize("text", ["", "LED UHD 4K", "SKU BX-49201", "新商品", "Распродажа", "12:30 | 49.90 €"])
def test_what_cannot_be_told_is_none(text):
    assert salad_bits(text) == 0


def test_a_typo_is_no_gibberish():
    assert not is_gibberish("SUMNER SALE")
    assert not is_gibberish("Wlcome to the store")


@given(st.lists(st.text(LETTERS[1:], min_size=4, max_size=9), min_size=1, max_size=4))
def test_evidence_of_words_adds_up_whatever_their_case(words):
    together = salad_bits(" ".join(words).upper())
    assert together == pytest.approx(sum(salad_bits(word) for word in words))


def test_accents_count_as_their_letters():
    assert salad_bits("Größe œuvre") == salad_bits("grosse oeuvre")
    assert list(word_parts("Żółć 3x l'été")) == ["zolc"]


def test_the_chances_after_two_letters_are_chances():
    sums = (2 ** packaged().after).sum(axis=2)
    assert packaged().after.shape == (27, 27, 27)
    assert ((sums > 0.9) & (sums < 1.1)).all()
