"""Which colour a pixel may belong to: agrees with the exact map where that is clear."""

import numpy as np

from qa.color.owners import CUT_OFF, owners
from qa.color.palette import Palette


def test_owners_agree_with_the_exact_map_away_from_the_cut_off():
    palette = Palette({"grey": (128, 128, 128)})
    picture = np.random.default_rng(2).integers(0, 256, (256, 256, 3), np.uint8)
    _, delta_e = palette.nearest(picture)
    found = owners(picture, palette)
    assert (found[delta_e < CUT_OFF - 4] == 1).all()
    assert (found[delta_e > CUT_OFF + 4] == 0).all()


def test_a_colour_in_shade_still_belongs_to_it():
    palette = Palette({"blue": (0, 85, 170), "red": (200, 16, 46), "green": (11, 122, 94)})
    in_shade = (np.array([11, 122, 94]) * 0.65).astype(np.uint8)
    assert owners(in_shade[None, None], palette).item() == 3
