"""Long pictures and long lines: every part is answered for once, and no character twice."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.long_lines import WINDOW, windowed
from qa.text.tiling import spans_of, tiles_of


@given(st.integers(1, 1000), st.integers(4, 60))
def test_kept_parts_cover_a_length_once_and_lie_in_what_is_seen(steps, most):
    spans = list(spans_of(32 * steps, 32 * most, 32))
    assert [kept for *_, kept, _ in spans] == [0, *(end for *_, end in spans[:-1])]
    assert spans[-1][3] == 32 * steps
    for first, last, start, end in spans:
        assert first <= start < end <= last
        assert last - first <= 32 * most
        assert first % 32 == last % 32 == 0


@given(st.integers(1, 80), st.integers(1, 80))
def test_tiles_cover_every_pixel_once(rows, columns):
    seen = np.zeros((32 * rows, 32 * columns), np.uint8)
    for _, kept in tiles_of(*seen.shape, 640, 32):
        seen[kept.slices] += 1
    assert (seen == 1).all()


def toy_recogniser(prepared):
    """Says of each step of eight columns the class that its first column names, as a recogniser with three classes."""
    classes = prepared[0, 0, 0, ::8].astype(int)
    return np.eye(3, dtype=np.float32)[classes]


@given(st.lists(st.sampled_from([0, 1, 2]), min_size=50, max_size=900), st.integers(0, 2**32 - 1))
def test_a_line_read_in_windows_says_what_it_says_in_one(classes, seed):
    width = -(-8 * len(classes) // 32) * 32
    prepared = np.zeros((1, 3, 48, width), np.float32)
    prepared[..., : 8 * len(classes)] = np.repeat(np.array(classes), 8)
    assert (windowed(toy_recogniser, prepared, 32) == toy_recogniser(prepared)).all()


@pytest.mark.parametrize("shift", range(0, 64, 8))
def test_windows_that_see_a_character_a_step_apart_do_not_read_it_twice(shift):
    """Each window of a real recogniser places a character by what else it sees; here the second one, a step late."""
    prepared = np.zeros((1, 3, 48, 2 * WINDOW), np.float32)
    prepared[..., 1000 + shift : 1600 : 80] = 1
    calls = []

    def run(part):
        calls.append(part.shape[3])
        classes = (part[0, 0, 0].reshape(-1, 8).max(axis=1) > 0).astype(int)
        return np.eye(2, dtype=np.float32)[np.roll(classes, 1 if len(calls) > 1 else 0)]

    marks = windowed(run, prepared, 32).argmax(axis=1)
    assert len(calls) > 1
    assert (np.diff(marks) == 1).sum() == (prepared[0, 0, 0] > 0).sum()
