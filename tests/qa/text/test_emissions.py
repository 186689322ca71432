"""What a recogniser says of a line, kept small, and folded by what counts as the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consistency.errors import InputError
from qa.text.emissions import RARE, Emissions

SYMBOLS = ("", "a", "A", " ", "b")


def emissions(seed=0, steps=7):
    return Emissions(np.random.default_rng(seed).dirichlet(np.ones(5), steps).astype(np.float32), SYMBOLS)


def test_symbols_that_no_step_holds_possible_are_not_kept():
    probabilities = np.full((3, 5), RARE / 2, np.float32)
    probabilities[:, 4] = 1.0
    kept = Emissions.compact(probabilities, SYMBOLS)
    assert kept.symbols == ("", "b")


@given(st.integers(0, 1000))
def test_folding_adds_up_what_counts_as_the_same(seed):
    seen = emissions(seed)
    folded = seen.folded(lambda symbol: symbol.lower().strip(), "ax")
    assert folded.symbols == ("", "a", "b", "x")
    sums = np.exp(folded.logs)
    assert sums[:, :3].sum(axis=1) == pytest.approx(np.ones(7), abs=1e-4)
    assert sums[:, 1] == pytest.approx(seen.probabilities[:, 1] + seen.probabilities[:, 2], rel=1e-5)
    assert sums[:, 0] == pytest.approx(seen.probabilities[:, 0] + seen.probabilities[:, 3], rel=1e-5)
    assert sums[:, 3] == pytest.approx(RARE)


@pytest.mark.parametrize(
    ("probabilities", "symbols"),
    [
        (np.ones((2, 3), np.float32), ("", "a")),
        (np.ones((2, 2), np.float32), ("a", "")),
        (np.ones((0, 2), np.float32), ("", "a")),
        (np.full((2, 2), np.nan, np.float32), ("", "a")),
    ],
)
def test_what_are_no_emissions_is_refused(probabilities, symbols):
    with pytest.raises(InputError):
        Emissions(probabilities, symbols)
