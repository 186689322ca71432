"""Windows over crowded pictures."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from consistency.windows import MOST_STEPS, overlapping

SIDES = st.integers(1, 3000)


@given(SIDES, SIDES)
def test_windows_lie_inside_are_square_and_few(height, width):
    boxes = overlapping(height, width)
    assert len(set(boxes)) == len(boxes) <= MOST_STEPS**2
    assert all(box.clipped(height, width) == box and box.width == box.height for box in boxes)


@given(st.integers(60, 900), st.integers(60, 900))
def test_every_pixel_of_a_usual_picture_is_seen(height, width):
    seen = np.zeros((height, width), bool)
    for box in overlapping(height, width):
        seen[box.slices] = True
    assert seen.all()


def test_something_as_large_as_half_a_window_lies_whole_in_one():
    boxes = overlapping(1000, 1000)
    for left, top in ((0, 0), (333, 501), (850, 850), (457, 123)):
        assert any(
            box.left <= left and box.top <= top and left + 150 <= box.right and top + 150 <= box.bottom for box in boxes
        )
