"""ΔE2000: the published pairs, laws, three independent implementations."""

import csv
import subprocess
import sys

import colour
import numpy as np
import pytest
import torch
from colormath import color_diff_matrix
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from skimage.color import deltaE_ciede2000

from consistency.errors import InputError
from qa.color.difference import delta_e00
from shared_data import shared_path

# Sharma, Wu & Dalal 2005, table 1, doi:10.1002/col.20070: L, a, b of both colours, ΔE00.
SHARMA = """
50.0000 2.6772 -79.7751 50.0000 0.0000 -82.7485 2.0425
50.0000 3.1571 -77.2803 50.0000 0.0000 -82.7485 2.8615
50.0000 2.8361 -74.0200 50.0000 0.0000 -82.7485 3.4412
50.0000 -1.3802 -84.2814 50.0000 0.0000 -82.7485 1.0000
50.0000 -1.1848 -84.8006 50.0000 0.0000 -82.7485 1.0000
50.0000 -0.9009 -85.5211 50.0000 0.0000 -82.7485 1.0000
50.0000 0.0000 0.0000 50.0000 -1.0000 2.0000 2.3669
50.0000 -1.0000 2.0000 50.0000 0.0000 0.0000 2.3669
50.0000 2.4900 -0.0010 50.0000 -2.4900 0.0009 7.1792
50.0000 2.4900 -0.0010 50.0000 -2.4900 0.0010 7.1792
50.0000 2.4900 -0.0010 50.0000 -2.4900 0.0011 7.2195
50.0000 2.4900 -0.0010 50.0000 -2.4900 0.0012 7.2195
50.0000 -0.0010 2.4900 50.0000 0.0009 -2.4900 4.8045
50.0000 -0.0010 2.4900 50.0000 0.0010 -2.4900 4.8045
50.0000 -0.0010 2.4900 50.0000 0.0011 -2.4900 4.7461
50.0000 2.5000 0.0000 50.0000 0.0000 -2.5000 4.3065
50.0000 2.5000 0.0000 73.0000 25.0000 -18.0000 27.1492
50.0000 2.5000 0.0000 61.0000 -5.0000 29.0000 22.8977
50.0000 2.5000 0.0000 56.0000 -27.0000 -3.0000 31.9030
50.0000 2.5000 0.0000 58.0000 24.0000 15.0000 19.4535
50.0000 2.5000 0.0000 50.0000 3.1736 0.5854 1.0000
50.0000 2.5000 0.0000 50.0000 3.2972 0.0000 1.0000
50.0000 2.5000 0.0000 50.0000 1.8634 0.5757 1.0000
50.0000 2.5000 0.0000 50.0000 3.2592 0.3350 1.0000
60.2574 -34.0099 36.2677 60.4626 -34.1751 39.4387 1.2644
63.0109 -31.0961 -5.8663 62.8187 -29.7946 -4.0864 1.2630
61.2901 3.7196 -5.3901 61.4292 2.2480 -4.9620 1.8731
35.0831 -44.1164 3.7933 35.0232 -40.0716 1.5901 1.8645
22.7233 20.0904 -46.6940 23.0331 14.9730 -42.5619 2.0373
36.4612 47.8580 18.3852 36.2715 50.5065 21.2231 1.4146
90.8027 -2.0831 1.4410 91.1528 -1.6435 0.0447 1.4441
90.9257 -0.5406 -0.9208 88.6381 -0.8985 -0.7239 1.5381
6.7747 -0.2908 -2.4247 5.8714 -0.0985 -2.2286 0.6377
2.0776 0.0795 -1.1350 0.9033 -0.0636 -0.5514 0.9082
"""
NEEDS_CUDA = pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
PAIRS = [tuple(float(x) for x in row.split()) for row in SHARMA.strip().splitlines()]
LAB = arrays(np.float64, 3, elements=st.floats(-100, 100)).map(lambda v: np.array([abs(v[0]), v[1], v[2]]))


def random_labs(count: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).uniform([0, -100, -100], [100, 100, 100], (count, 3))


@pytest.mark.parametrize("pair", PAIRS, ids=lambda p: f"{p[6]:.4f}")
def test_published_pairs_are_met_to_four_decimals(pair):
    assert delta_e00(pair[:3], pair[3:6]) == pytest.approx(pair[6], abs=1e-4)
    assert delta_e00(pair[3:6], pair[:3]) == pytest.approx(pair[6], abs=1e-4)


def test_the_golden_table_is_the_published_file():
    table = (shared_path("data/color/ciede2000_sharma") / "sharma34.csv").read_text()
    rows = list(csv.reader(table.splitlines()))[1:]
    assert [tuple(float(x) for x in row[1:]) for row in rows] == PAIRS


@given(LAB)
def test_a_colour_is_no_distance_from_itself(lab):
    assert delta_e00(lab, lab) == 0


@given(LAB, LAB)
def test_difference_is_symmetric_finite_and_not_negative(a, b):
    there, back = delta_e00(a, b), delta_e00(b, a)
    assert np.isfinite(there)
    assert there >= 0
    assert there == pytest.approx(back, abs=1e-9)


@given(LAB, st.floats(0, 20), st.floats(0.1, 20))
def test_going_further_in_lightness_is_further(lab, near, more):
    def shifted(by):
        return delta_e00(lab, lab + np.array([by, 0, 0]))

    assert shifted(near + more) > shifted(near)


def test_leading_shapes_broadcast():
    map_, palette = random_labs(12, 1).reshape(3, 4, 3), random_labs(5, 2)
    assert delta_e00(map_[:, :, None], palette).shape == (3, 4, 5)
    assert delta_e00([50, 0, 0], [60, 0, 0]).shape == ()


@pytest.fixture(scope="module")
def million():
    a, b = random_labs(1_000_000, 3), random_labs(1_000_000, 4)
    return a, b, delta_e00(a, b)


def test_agrees_with_scikit_image_on_a_million_pairs(million):
    a, b, ours = million
    np.testing.assert_allclose(ours, deltaE_ciede2000(a, b), atol=1e-9)


def test_agrees_with_colour_science_on_a_million_pairs(million):
    a, b, ours = million
    np.testing.assert_allclose(ours, colour.difference.delta_E_CIE2000(a, b), atol=1e-9)


def test_agrees_with_colormath_on_a_million_pairs(million):
    # It adds 360° to every mean hue across 0°, where equation 14 may take it off: R_T differs by up to 2e-5.
    _, b, _ = million
    for one, others in zip(random_labs(10, 5), np.split(b, 10), strict=True):
        np.testing.assert_allclose(delta_e00(one, others), color_diff_matrix.delta_e_cie2000(one, others), atol=1e-3)


def test_tensors_give_what_arrays_give_in_float64_on_their_device():
    a, b = random_labs(2000, 6), random_labs(20, 7)
    ours = delta_e00(torch.from_numpy(a)[:, None], torch.from_numpy(b))
    assert ours.dtype == torch.float64
    np.testing.assert_allclose(ours.numpy(), delta_e00(a[:, None], b), atol=1e-11)
    single = torch.from_numpy(a).float()
    np.testing.assert_array_equal(delta_e00(single, b[0]), delta_e00(single.double(), b[0]))


@pytest.mark.parametrize("device", ["cpu", pytest.param("cuda", marks=NEEDS_CUDA)])
def test_published_pairs_are_met_by_tensors(device):
    pairs = torch.tensor(PAIRS, dtype=torch.float64, device=device)
    ours = delta_e00(pairs[:, :3], pairs[:, 3:6])
    assert ours.device == pairs.device
    assert (ours - pairs[:, 6]).abs().max() < 1e-4


def test_float32_and_whole_numbers_are_computed_in_float64():
    a, b = random_labs(100, 8).astype(np.float32), np.array([50, 10, -20])
    np.testing.assert_array_equal(delta_e00(a, b), delta_e00(a.astype(np.float64), b.astype(np.float64)))


@pytest.mark.parametrize("hue", range(0, 360, 15))
def test_exactly_opposite_hues_follow_the_published_rule(hue):
    # Equation 14: the mean of two hues 180° apart is that of their numbers in [0, 360), whichever comes first.
    a, b = np.round(10 * np.cos(np.radians(hue)), 3), np.round(10 * np.sin(np.radians(hue)), 3)
    there, back = delta_e00([50, a, b], [50, -a, -b]), delta_e00([50, -a, -b], [50, a, b])
    assert there == pytest.approx(back, abs=1e-9)
    assert there == pytest.approx(opposite_difference(a, b), abs=1e-9)


def opposite_difference(a: float, b: float) -> float:
    """ΔE00 of (a, b) and its opposite at one lightness, from equations 4, 5, 11, 14, 15 and 17."""
    chroma7 = np.hypot(a, b) ** 7
    a *= 1.5 - 0.5 * np.sqrt(chroma7 / (chroma7 + 25**7))
    chroma, hue = np.hypot(a, b), np.degrees(np.arctan2(b, a)) % 180 + 90
    angles = np.radians([hue - 30, 2 * hue, 3 * hue + 6, 4 * hue - 63])
    return 2 * chroma / (1 + 0.015 * chroma * (1 + np.cos(angles) @ [-0.17, 0.24, 0.32, -0.20]))


def test_nothing_gives_nothing():
    assert delta_e00(np.zeros((0, 3)), [50, 0, 0]).shape == (0,)


@pytest.mark.parametrize("as_tensor", [False, True])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_values_that_are_no_numbers_are_refused_by_name(bad, as_tensor):
    lab = np.array([[50.0, 0, 0], [50, bad, 0]])
    with pytest.raises(InputError, match="NaN or infinity"):
        delta_e00(torch.from_numpy(lab) if as_tensor else lab, [50, 0, 0])


def test_words_are_refused():
    with pytest.raises(InputError, match="L\\*a\\*b\\* numbers"):
        delta_e00(["a", "b", "c"], [50, 0, 0])


def test_torch_is_not_imported_for_arrays():
    code = (
        "import sys; from qa.color import delta_e00; delta_e00([50, 0, 0], [9, 0, 0]); sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


@pytest.mark.parametrize(("a", "b"), [([1, 2], [1, 2]), (5, [1, 2, 3]), (np.zeros((2, 3)), np.zeros((4, 3)))])
def test_shapes_that_are_not_lab_are_refused(a, b):
    with pytest.raises(InputError):
        delta_e00(a, b)
    with pytest.raises(InputError):
        delta_e00(torch.as_tensor(a), b)
