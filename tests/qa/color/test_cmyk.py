import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from consistency.colorspace import to_lab
from consistency.errors import InputError
from consistency.image import load_image
from icc_profiles import profile, rgb_profile, table_profile
from qa.color.difference import delta_e00
from qa.color.notation import parse_color

CORNERS = [(c, m, y, k) for c in (0, 1) for m in (0, 1) for y in (0, 1) for k in (0, 1)]
PRESS = table_profile("CMYK", {(c, m, y, k): (95.0 * (1 - k) + 5 * (1 - k), 40.0 * (m - c), 40.0 * (y - c))
                               for c, m, y, k in CORNERS})  # fmt: skip


def test_inks_go_through_the_profile_at_more_than_eight_bits() -> None:
    half = parse_color("cmyk(0% 50.1% 0% 0%)", profiles={"cmyk": PRESS})
    (said,) = half.assumptions
    assert "relative colorimetric, black point compensated" in said
    assert half.lab[1] == pytest.approx(0.501 * 40, abs=0.4)
    steps = [parse_color(f"cmyk(0% {50 + n / 10}% 0% 0%)", profiles={"cmyk": PRESS}).lab[1] for n in range(10)]
    assert np.diff(steps) == pytest.approx([0.04] * 9, abs=0.01)


def two_way(corners: dict[tuple[int, ...], tuple[float, float, float]]) -> bytes:
    """A profile with black ink lighter than black, and the way back that black point compensation asks for."""
    ramp, identity = bytes(range(256)), struct.pack(">9i", *(65536 * (i % 4 == 0) for i in range(9)))
    forth = b"".join(
        bytes((round(L * 2.55), round(a + 128), round(b + 128))) for _, (L, a, b) in sorted(corners.items())
    )
    back = b"".join(bytes(4 * (255 * (1 - lightness),)) for lightness in (0, 1) for _ in range(4))
    tags = {
        "A2B0": b"mft1\0\0\0\0" + bytes((4, 3, 2, 0)) + identity + ramp * 4 + forth + ramp * 3,
        "B2A0": b"mft1\0\0\0\0" + bytes((3, 4, 2, 0)) + identity + ramp * 3 + back + ramp * 4,
    }
    return profile("CMYK", "Lab ", tags, "Pale press", kind="prtr")


def test_inks_of_a_kit_are_the_colour_that_a_picture_with_the_same_profile_shows(tmp_path: Path) -> None:
    press = two_way({ink: (85.0 * (1 - ink[3]) + 15, 10.0 * (ink[1] - ink[0]), 10.0 * ink[2]) for ink in CORNERS})
    for percent in ((0, 0, 0, 100), (20, 40, 60, 20), (60, 0, 20, 60), (0, 100, 0, 40)):
        steps = tuple(round(share * 2.55) for share in percent)
        path = tmp_path / "ink.tif"
        Pillow.new("CMYK", (4, 4), steps).save(path, icc_profile=press)
        shown = to_lab(load_image(path))[0, 0].astype(np.float64)
        text = f"cmyk({' '.join(f'{step / 2.55:.6f}%' for step in steps)})"
        assert delta_e00(np.array(parse_color(text, profiles={"cmyk": press}).lab), shown) < 0.5
    assert lab_of(press, "cmyk(0 0 0 100%)")[0] < 2, "black is compensated"


def lab_of(press: bytes, text: str) -> tuple[float, float, float]:
    return parse_color(text, profiles={"cmyk": press}).lab


def test_the_naive_formula_is_said() -> None:
    assert "naive formula" in parse_color("cmyk-naive(100% 0 0 0)").assumptions[0]


@pytest.mark.parametrize("profile", [b"", b"none", rgb_profile("sRGB", b"curv\0\0\0\0\0\0\0\0"), PRESS[:300]])
def test_a_profile_that_is_none_for_inks_is_refused(profile: bytes) -> None:
    with pytest.raises(InputError, match="an ICC profile"):
        parse_color("cmyk(100% 50% 0% 10%)", profiles={"cmyk": profile})
