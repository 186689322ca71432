"""Expected texts on rendered lines through the real recogniser: right, wrong by one glyph, absent, unreadable."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from consistency.errors import InputError
from drawn_text import along_arc, stacked
from qa.text.change import Change
from qa.text.looks import VIEWS, Look
from qa.text.matching import Expected
from qa.text.outcome import Outcome, decide
from qa.text.reader import TextLine, load_reader
from qa.text.sighting import Sight
from qa.text.spelling import Rules
from qa.text.verification import MatchStatus, verify, verify_lines


@pytest.fixture(scope="module")
def reader():
    return load_reader("rapidocr", threads=1)


def picture(*lines: str, size: int = 40, turn: float = 0) -> np.ndarray:
    """Lines of text in dark blue on grey."""
    image = Image.new("RGB", (700, 60 + 2 * size * len(lines)), (205, 212, 218))
    pen = ImageDraw.Draw(image)
    for number, text in enumerate(lines):
        pen.text((40, 30 + 2 * size * number), text, font=ImageFont.load_default(size), fill=(12, 24, 60))
    return np.array(image.rotate(turn, expand=True, fillcolor=(205, 212, 218)))


RIGHT = ["only $49.90", "SUMMER SALE", "Terms & conditions apply", "1,249.00 USD", "Michael & sons"]


@pytest.mark.parametrize("text", RIGHT)
def test_a_right_text_matches_by_two_looks_that_agree(reader, text):
    found = verify(picture(text), text, reader=reader)
    assert (found.status, found.differences, len(found.looks)) == (MatchStatus.MATCH, (), 2)
    assert found.margin > 0


@pytest.mark.parametrize("turn", [10, -10, 90])
def test_a_turned_text_matches_and_one_wrong_figure_does_not(reader, turn):
    assert verify(picture("only $49.90", turn=turn), "only $49.90", reader=reader).status is MatchStatus.MATCH
    wrong = verify(picture("only $48.90", turn=turn), "only $49.90", reader=reader)
    assert (wrong.status, str(wrong.differences[0])) == (MatchStatus.MISMATCH, "8 for 9 at 8")


def test_a_wrong_letter_in_one_of_two_columns_is_seen(reader):
    right = np.hstack([picture("Fresh coffee", "from Peru"), picture("Quiet garden", "only $49.90")])
    wrong = np.hstack([picture("Fresh coffee", "from Peru"), picture("Quiet garden", "only $48.90")])
    expected = "Quiet garden only $49.90"
    assert verify(right, expected, reader=reader).status is MatchStatus.MATCH
    found = verify(wrong, expected, reader=reader)
    assert found.status is MatchStatus.MISMATCH
    assert found.differences[0].box.left > 700


@pytest.mark.parametrize("pitch", [44, 70])
@pytest.mark.parametrize("wrong", ["SUNMER", "SUMMFR"])
def test_a_stacked_text_matches_and_one_wrong_letter_does_not(reader, wrong, pitch):
    assert verify(stacked("SUMMER", pitch), "SUMMER", reader=reader).status is MatchStatus.MATCH
    assert verify(stacked(wrong, pitch), "SUMMER", reader=reader).status is not MatchStatus.MATCH


@pytest.mark.parametrize("radius", [400, 220])
@pytest.mark.parametrize("wrong", ["ORCANIC COFFEE", "ORGANIC COFFEF"])
def test_a_text_along_an_arc_matches_and_one_wrong_letter_does_not(reader, wrong, radius):
    assert verify(along_arc("ORGANIC COFFEE", radius), "ORGANIC COFFEE", reader=reader).status is MatchStatus.MATCH
    assert verify(along_arc(wrong, radius), "ORGANIC COFFEE", reader=reader).status is not MatchStatus.MATCH


@pytest.mark.parametrize(
    ("drawn", "expected", "difference"),
    [
        ("SUMER SALE", "SUMMER SALE", "missing M at 4"),
        ("SUMMMER SALE", "SUMMER SALE", "extra M at"),
        ("only $48.90", "only $49.90", "8 for 9 at 8"),
        ("olny $49.90", "only $49.90", "at 2"),
        ("Fresh coFfee", "Fresh coffee", "F for f at 9"),
    ],
)
def test_one_wrong_glyph_is_a_mismatch_that_says_which(reader, drawn, expected, difference):
    found = verify(picture(drawn), expected, reader=reader)
    assert found.status is MatchStatus.MISMATCH
    assert difference in ", ".join(map(str, found.differences))


def test_the_box_of_a_wrong_character_is_that_character(reader):
    found = verify(picture("only $48.90"), "only $49.90", reader=reader)
    (wrong,) = found.differences
    place = (wrong.box.left + wrong.box.width / 2 - found.box.left) / found.box.width
    assert 0.65 < place < 0.85
    assert wrong.box.width < found.box.width / 6


@pytest.mark.parametrize(
    ("drawn", "share"), [("SUMER SALE", 0.33), ("SUMMER SALLE", 0.85), ("SUMMER SAIF", 0.95), ("FUMMER SALE", 0.03)]
)
def test_a_wrong_character_is_boxed_where_it_stands_or_is_missing(reader, drawn, share):
    found = verify(picture(drawn), "SUMMER SALE", reader=reader)
    assert found.status is MatchStatus.MISMATCH
    boxes = [wrong.box for wrong in found.differences]
    places = [(box.left + box.width / 2 - found.box.left) / found.box.width for box in boxes]
    assert min(abs(place - share) for place in places) < 0.09


def test_two_wrong_characters_are_two_boxes_and_turned_ones_lie_on_the_turned_line(reader):
    first, second = verify(picture("SUNMER SAIE"), "SUMMER SALE", reader=reader).differences
    assert first.box.right < second.box.left
    upright = verify(picture("SUMMER SAFE", turn=90), "SUMMER SALE", reader=reader)
    (wrong,) = upright.differences
    assert wrong.box.top < upright.box.top + upright.box.height / 4  # read upwards, its end is on top


def test_what_nobody_could_tell_in_that_face_is_no_mismatch(reader):
    assert verify(picture("Illinois"), "lllinois", reader=reader).status is not MatchStatus.MISMATCH


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("from 10-", "12 EUR"), "from 1012 EUR"),
        (("No. 49-", "90"), "No. 4990"),
        (("only 10", "12 EUR"), "only 1012 EUR"),
        (("$12 49",), "$1249"),
    ],
)
def test_figures_that_stand_apart_are_no_number(reader, lines, expected):
    assert verify(picture(*lines), expected, reader=reader).status is not MatchStatus.MATCH


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("from 10-", "12 EUR"), "from 10-12 EUR"),
        (("only 10", "12 EUR"), "only 10 12 EUR"),
        (("from 10", "EUR"), "from 10 EUR"),
    ],
)
def test_figures_that_stand_apart_as_expected_are_right(reader, lines, expected):
    assert verify(picture(*lines), expected, reader=reader).status is MatchStatus.MATCH


def test_a_text_may_run_over_lines_and_be_hyphenated(reader):
    shown = picture("The outdoor adven-", "ture begins here")
    assert verify(shown, "The outdoor adventure begins here", reader=reader).status is MatchStatus.MATCH
    wrong = verify(
        picture("The outdoor adven-", "tvre begins here"), "The outdoor adventure begins here", reader=reader
    )
    assert wrong.status is MatchStatus.MISMATCH
    assert wrong.differences[0].box.top > 60


def test_a_text_may_be_part_of_a_line(reader):
    assert verify(picture("only $49.90 today"), "$49.90", reader=reader).status is MatchStatus.MATCH


def test_a_single_sign_right_beside_a_critical_text_is_for_a_person(reader):
    found = verify(picture("49.90 $"), "49.90", reader=reader)
    assert found.status is MatchStatus.ABSTAINED
    assert "$" in found.reason


def test_other_text_or_none_is_missing(reader):
    assert verify(picture("Good morning"), "SUMMER SALE", reader=reader).status is MatchStatus.MISSING
    assert verify(np.full((200, 300, 3), 255, np.uint8), "SUMMER SALE", reader=reader).status is MatchStatus.MISSING


@pytest.mark.parametrize(("text", "symbol"), [("Привет", "П"), ("SALE 한국", "한")])
def test_an_unknown_symbol_is_unsupported_and_named(reader, text, symbol):
    found = verify(picture("SALE"), text, reader=reader)
    assert found.status is MatchStatus.UNSUPPORTED
    assert symbol in found.reason


@pytest.mark.parametrize("text", ["", "   ", "x" * 1001, "x" * 10_000, "SALE\x07", "SUMMER\x1fSALE", "SALE\x0b", None])
def test_what_is_no_text_is_refused(reader, text):
    with pytest.raises(InputError):
        verify(picture("SALE"), text, reader=reader)


@pytest.mark.parametrize(("mode", "edits"), [("exact", 1), ("tolerant", 0)])
def test_edits_that_contradict_the_mode_are_refused(reader, mode, edits):
    with pytest.raises(InputError):
        verify(picture("SALE"), "SALE", mode, reader, rules=Rules(max_edits=edits))


@pytest.mark.parametrize("height", [1, 8])
def test_a_picture_too_low_for_text_never_matches(reader, height):
    low = np.ascontiguousarray(picture("SALE")[:height])
    assert verify(low, "SALE", reader=reader).status is not MatchStatus.MATCH


def test_a_tolerant_text_allows_as_many_edits_as_stated(reader):
    rules = Rules(max_edits=1)
    assert verify(picture("SUMER SALE"), "SUMMER SALE", "tolerant", reader, rules=rules).status is MatchStatus.MATCH
    assert verify(picture("SUMER SAE"), "SUMMER SALE", "tolerant", reader, rules=rules).status is MatchStatus.MISMATCH


@pytest.mark.parametrize(
    ("rules", "drawn"),
    [
        (Rules(is_case_strict=False), "Summer Sale now"),
        (Rules(is_punctuation_strict=False), "SUMMER SALE, NOW!"),
    ],
)
def test_what_the_rules_set_aside_does_not_count(reader, rules, drawn):
    assert verify(picture(drawn), "SUMMER SALE NOW", reader=reader, rules=rules).status is MatchStatus.MATCH
    assert verify(picture(drawn), "SUMMER SALE NOW", reader=reader).status is not MatchStatus.MATCH


def test_a_verdict_does_not_depend_on_the_lines_beside_it(reader):
    image = picture("only $49.90", "a much longer line of other words beside it")
    lines = reader.read(image)
    own = [line for line in lines if "49" in line.text]
    found = [verify_lines(Sight.of(reader, image, seen), Expected("only $49.90")) for seen in (lines, lines[::-1], own)]
    assert found[0] == found[1] == found[2]
    assert found[0].status is MatchStatus.MATCH


class ReadOnly:
    """A reader without likelihoods that says what it is told, the whole picture first, then other looks."""

    def __init__(self, reader, *said, confidence=0.99):
        self.spec, self.charset = reader.spec, reader.charset
        self._said, self._confidence = list(said), confidence

    def read(self, image):
        text = self._said.pop(0) if len(self._said) > 1 else self._said[0]
        return (TextLine(text, ((5.0, 5.0), (95.0, 5.0), (95.0, 25.0), (5.0, 25.0)), self._confidence),)

    def read_batch(self, images):
        return [self.read(image) for image in images]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (["$4.90"], MatchStatus.MATCH),
        (["$4.80"], MatchStatus.MISMATCH),
        (["$4.90", "$4.80"], MatchStatus.ABSTAINED),
    ],
)
def test_a_reader_without_likelihoods_reads_again_before_it_is_believed(reader, said, status):
    sight = Sight.of(ReadOnly(reader, *said), np.zeros((30, 100, 3), np.uint8))
    assert verify_lines(sight, Expected("$4.90")).status is status


@pytest.mark.parametrize(("said", "why"), [("$4.80", "confidence of 0.40"), ("mono", "read as mono")])
def test_what_a_reader_guesses_at_is_illegible_and_no_mismatch(reader, said, why):
    sight = Sight.of(ReadOnly(reader, said, confidence=0.4), np.zeros((30, 100, 3), np.uint8))
    found = verify_lines(sight, Expected("$4.90"))
    assert found.status is MatchStatus.ILLEGIBLE
    assert why in found.reason


@pytest.mark.parametrize("shown", ["Est. 1926", "Est.1926"])
def test_spaces_count_where_the_rules_say_so(reader, shown):
    for expected in ("Est. 1926", "Est.1926"):
        found = verify(picture(shown), expected, reader=reader, rules=Rules(is_space_strict=True))
        assert (found.status is MatchStatus.MATCH) is (shown == expected)
        assert verify(picture(shown), expected, reader=reader).status is MatchStatus.MATCH


WANTED = "SOLE"


def seen(name, read, margin=20.0, wanted=WANTED):
    """A look whose nearest rival is what it reads, or nothing in particular where it reads what is wanted."""
    return Look(name, read, {Change(0, wanted, read if read != wanted else f"{wanted}X"): margin})


def test_one_sure_look_is_enough_for_a_text_that_is_not_critical():
    assert decide(WANTED, [seen("found", WANTED)], {}, Rules(), is_critical=False) is Outcome.RIGHT
    assert decide(WANTED, [seen("found", WANTED)], {}, Rules(), is_critical=True) is Outcome.DOUBT


@pytest.mark.parametrize("read", ["SÓLE", "SOLE.", "S0LE"])
def test_accents_lost_marks_and_look_alikes_are_doubt(read):
    looks = [seen(name, read, -6.0) for name in VIEWS]
    assert decide(WANTED, looks, {}, Rules(), is_critical=True) is Outcome.DOUBT
    wrong = [seen(name, read, -6.0, wanted="SALT") for name in VIEWS]
    assert decide("SALT", wrong, {}, Rules(), is_critical=True) is Outcome.WRONG


def test_a_letter_whose_shape_speaks_against_it_is_doubt_though_the_line_reads_as_expected():
    looks = [Look(name, WANTED, {Change(0, WANTED, "S0LE"): 9.0}) for name in VIEWS]
    assert decide(WANTED, looks, {}, Rules(), is_critical=True) is Outcome.RIGHT
    weights = dict.fromkeys(looks[0].margins, -5.0)
    assert decide(WANTED, looks, weights, Rules(), is_critical=True) is Outcome.DOUBT


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [("7l67,-", "7167,-"), ("FREE YOUR RIvER", "FREE YOUR RIVER"), ("Lonqer fresh", "Longer fresh")],
)
def test_a_letter_that_only_its_shape_or_height_tells_never_passes(reader, drawn, expected):
    assert verify(picture(expected), expected, reader=reader).status is MatchStatus.MATCH
    assert verify(picture(drawn), expected, reader=reader).status is not MatchStatus.MATCH


def signed(text: str, sign: str) -> np.ndarray:
    """A text with a small sign beside its capitals' top."""
    image = Image.fromarray(picture(text))
    end = 40 + ImageFont.load_default(40).getlength(text)
    ImageDraw.Draw(image).text((end + 2, 34), sign, font=ImageFont.load_default(18), fill=(12, 24, 60))
    return np.array(image)


def test_a_trademark_sign_may_be_read_in_part_but_not_be_missing(reader):
    assert verify(signed("Monvase", "TM"), "Monvase™", reader=reader).status is MatchStatus.MATCH
    assert verify(signed("Monvase", ""), "Monvase™", reader=reader).status is not MatchStatus.MATCH


@pytest.mark.parametrize("signs", ["TMTM", "TM TM", "TM  TM"])
def test_a_trademark_sign_that_stands_twice_never_passes(reader, signs):
    assert verify(signed("Monvase", signs), "Monvase™", reader=reader).status is not MatchStatus.MATCH


@pytest.mark.parametrize("wrong", [{"mode": "exactly"}, {"reader": "rapidocr"}])
def test_an_unknown_mode_and_a_reader_s_name_are_refused(wrong):
    with pytest.raises(InputError, match="a reader of load_reader, and mode exact or tolerant"):
        verify(np.zeros((60, 200, 3), np.uint8), "SALE", **wrong)
