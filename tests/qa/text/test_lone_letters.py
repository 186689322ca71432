"""Letters shown alone: their likelihood, and what the table of pairs makes of it."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from qa.text.emissions import Emissions
from qa.text.lone_letters import MOST_BY_SHAPE, likelihoods, lone_margin, table
from qa.text.reader import load_reader
from qa.text.scoring import Lattice


def seen(rows: list[list[float]], symbols: str) -> Emissions:
    return Emissions(np.array(rows, np.float32), ("", *symbols))


def test_the_likelihood_of_one_symbol_is_that_of_the_whole_lattice():
    rng = np.random.default_rng(3)
    line = seen(rng.dirichlet(np.ones(6), 9).tolist(), "abcde").folded(lambda s: s, "")
    expected = [Lattice(line.logs, [column]).log_likelihood for column in range(1, 6)]
    assert likelihoods(line)[1:] == pytest.approx(expected)


def test_the_margin_turns_its_sign_with_the_question_and_is_bounded():
    look = seen([[0.1, 0.85, 0.05]] * 3, "eo")
    assert lone_margin(look, "e", "o") == -lone_margin(look, "o", "e") > 0
    sure = seen([[1e-6, 1 - 2e-6, 1e-6]] * 3, "eo")
    assert lone_margin(sure, "e", "o") == MOST_BY_SHAPE


def test_the_middle_of_a_pair_lies_where_the_recogniser_is_used_to_see_both():
    (middle, _) = table()["1l"]
    assert middle > 4
    assert table()["l1"][0] == pytest.approx(-middle, abs=0.11)


def test_pairs_that_shapes_do_not_tell_say_nothing():
    mute = [pair for pair, known in table().items() if known is None and len(pair) == 2]
    assert mute
    assert lone_margin(seen([[0.2, 0.4, 0.4]] * 3, mute[0]), *mute[0]) is None


@pytest.fixture(scope="module")
def reader():
    return load_reader("rapidocr", threads=1)


@pytest.mark.parametrize(("drawn", "rival"), [("e", "c"), ("g", "q"), ("F", "E"), ("8", "B"), ("1", "l"), ("l", "1")])
def test_a_letter_drawn_alone_speaks_for_itself(reader, drawn, rival):
    picture = Image.new("RGB", (60, 80), "white")
    ImageDraw.Draw(picture).text((14, 8), drawn, font=ImageFont.load_default(48), fill="black")
    look = reader.emissions(np.array(picture), ((0, 0), (60, 0), (60, 80), (0, 80)))
    assert lone_margin(look, drawn, rival) > 0 > lone_margin(look, rival, drawn)
