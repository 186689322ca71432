"""Expected strings against lines: joint, order-free, joined, never a number inside a longer one."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.layout import chains, in_reading_order, words_of
from qa.text.matching import Expected, match
from qa.text.reader import TextLine
from qa.text.spelling import Rules, count_edits, differences, explain, plain


def line(text: str, left: float = 0, top: float = 0, height: float = 30, confidence: float = 0.99) -> TextLine:
    """A line whose characters are half as wide as high."""
    right, bottom = left + len(text) * height / 2, top + height
    return TextLine(text, ((left, top), (right, top), (right, bottom), (left, bottom)), confidence)


def found(lines, *texts, **rules):
    """What each expected text was matched with: (read, edits), or None."""
    spans = match(lines, [Expected(text, Rules(**rules)) for text in texts]).spans
    return [None if span is None else (span.read, span.edits) for span in spans]


def left(lines, *texts):
    return [" ".join(word.text for word in run) for run in match(lines, [Expected(text) for text in texts]).left]


def test_a_string_is_found_wherever_it_stands():
    lines = [line("legal line", top=300), line("SUMMER SALE", top=10), line("49,90 €", top=100)]
    assert found(lines, "49,90 €", "legal line", "SUMMER SALE") == [
        ("49,90 €", 0),
        ("legal line", 0),
        ("SUMMER SALE", 0),
    ]


@given(st.permutations(["SUMMER SALE", "49,90 €", "only today", "Est. 1926"]), st.randoms(use_true_random=False))
def test_neither_order_of_lines_nor_of_texts_matters(texts, shuffle):
    lines = [line(text, top=100 * at) for at, text in enumerate(sorted(texts))]
    shuffle.shuffle(lines)
    assert found(lines, *texts) == [(text, 0) for text in texts]


def test_neighbouring_lines_are_joined():
    assert found([line("SUMMER", 0, 0), line("SALE", 120, 2)], "SUMMER SALE") == [("SUMMER SALE", 0)]


def test_a_text_may_run_over_rows():
    lines = [line("Terms and", 40, 0), line("conditions", 50, 36), line("apply", 60, 72)]
    assert found(lines, "Terms and conditions apply") == [("Terms and conditions apply", 0)]


def test_columns_are_not_joined():
    lines = [line("SUMMER", 0, 0), line("SALE", 600, 0)]
    assert found(lines, "SUMMER SALE")[0] != ("SUMMER SALE", 0)


def test_a_text_may_be_part_of_a_line_and_the_rest_is_left():
    lines = [line("only 49,90 € today")]
    assert found(lines, "49,90 €") == [("49,90 €", 0)]
    assert left(lines, "49,90 €") == ["only", "today"]


@pytest.mark.parametrize("read", ["149,90", "1 49,90", "49,90 0", "-49,90", "49,909"])
def test_a_price_is_never_part_of_a_longer_number(read):
    ((_, edits),) = found([line(read)], "49,90")
    assert edits == 1


@pytest.mark.parametrize("read", ["SALES", "WHOLESALE", "S ALE X"])
def test_a_word_inside_another_word_is_no_match(read):
    assert found([line(read)], "SALE")[0] in (None, ("SALES", 1), ("S ALE X", 1), ("S ALE", 0))
    assert found([line("SALES")], "SALE") == [("SALES", 1)]


def test_each_line_serves_one_text():
    assert found([line("SALE")], "SALE", "SALE") == [("SALE", 0), None]
    assert found([line("SALE"), line("SALES", top=90)], "SALES", "SALE") == [("SALES", 0), ("SALE", 0)]


def test_texts_are_assigned_jointly():
    # Each alone would take the first line; together only one way serves both.
    lines = [line("GOLD CARD", top=0), line("GOLD BARD", top=100)]
    assert found(lines, "GOLD BARD", "GOLD CARD") == [("GOLD BARD", 0), ("GOLD CARD", 0)]


def test_many_equal_texts_are_assigned_in_time():
    lines = [line("a b c d e f g h", top=60 * at) for at in range(30)]
    assert found(lines, *["a b"] * 20) == [("a b", 0)] * 20


def test_other_text_is_not_a_near_miss():
    assert found([line("completely other words")], "SUMMER SALE") == [None]
    assert found([], "SUMMER SALE") == [None]


def test_spaces_do_not_count_unless_asked():
    assert found([line("Est.1926")], "Est. 1926") == [("Est.1926", 0)]
    assert found([line("Est.1926")], "Est. 1926", is_space_strict=True) == [("Est.1926", 1)]


def test_case_counts_unless_told_otherwise():
    assert found([line("summer sale")], "SUMMER SALE", is_case_strict=False) == [("summer sale", 0)]
    assert found([line("SUMMER SaLE")], "SUMMER SALE") == [("SUMMER SaLE", 1)]


@pytest.mark.parametrize("lookalike", ["Michae1", "MichaeI", "Міchael", "Michaël"])
def test_lookalikes_are_never_folded_in_required_text(lookalike):
    assert found([line(lookalike)], "Michael")[0] != (lookalike, 0)


def test_shapes_of_punctuation_are_one():
    assert count_edits("Don’t – stop…", "Don't - stop...", Rules()) == 0
    assert plain("  ＡＢＣ！ ") == "ABC!"


def test_differences_are_readable():
    rules = Rules()
    assert explain(differences("SUMMER SALE", "SUMER SALE", rules)) in ("missing M at 3", "missing M at 4")
    assert explain(differences("49,90 €", "49,80 €", rules)) == "8 for 9 at 4"
    assert explain(differences("SALE", "SALEX", rules)) == "extra X at 5"
    assert explain(differences("Est. 1926", "Est. 1936", rules)) == "3 for 2 at 8"
    assert explain(differences("abcdefgh", "", rules)).endswith("4 more")


@given(st.text(max_size=30), st.text(max_size=30))
def test_differences_are_as_many_as_edits(expected, read):
    assert len(differences(expected, read, Rules())) == count_edits(expected, read, Rules())


@given(st.text(alphabet="abcdef ", min_size=1, max_size=40).filter(str.strip), st.integers(0, 2**32))
def test_one_wrong_letter_is_one_edit(text, seed):
    rng = random.Random(seed)
    at = rng.choice([at for at, c in enumerate(text) if c != " "])
    wrong = text[:at] + "X" + text[at + 1 :]
    assert count_edits(text, wrong, Rules()) == 1
    assert count_edits(text, text, Rules()) == 0


def test_reading_order_is_by_rows():
    lines = [line("c", 0, 100), line("b", 200, 4), line("a", 0, 0)]
    assert [each.text for each in in_reading_order(lines)] == ["a", "b", "c"]


def test_words_share_their_line_by_the_place_of_its_characters():
    first, second = words_of(TextLine("ab cd", ((0, 0), (100, 0), (100, 20), (0, 20)), 1.0, (0.1, 0.2, 0.5, 0.8, 0.9)))
    assert (first.text, first.quad[1][0]) == ("ab", pytest.approx(35))
    assert (second.text, second.quad[0][0]) == ("cd", pytest.approx(65))


def test_chains_of_no_lines_are_none():
    assert chains([]) == ()
