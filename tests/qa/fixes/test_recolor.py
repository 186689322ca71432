"""Recolouring: the paint and nothing else, shade and edges kept."""

import io

import numpy as np
import pytest
from PIL import Image as Pillow

from consistency.colorspace import linear_to_srgb, srgb_to_linear, to_lab
from consistency.image import load_image
from consistency.region import Box, Mask, Region
from qa.color.difference import delta_e00
from qa.color.notation import parse_color
from qa.color.shading import shaded_distances
from qa.demo.drawing import blend, disc, words
from qa.demo.files import FileForm, encode, to_p3
from qa.fixes.canvas import open_canvas
from qa.fixes.mask import RIM, cover_of, filled_holes, painted_pixels, reach_of
from qa.fixes.recolor import Recolor
from qa.fixes.refusal import CannotFix
from qa.fixes.space import Space
from qa.verdict import Fix, FixKind

RIGHT, WRONG = np.array([27, 75, 143]), np.array([33, 79, 131])
TARGET = "#1b4b8f"


def scene(paint, shade: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """A photograph-like ground with a disc of paint and writing on it; H×W×3 in [0, 1], and the disc's cover."""
    rows, columns = np.mgrid[0:240, 0:300]
    canvas = np.dstack([0.6 + 0.2 * np.sin(rows / 23), 0.7 + 0.1 * np.cos(columns / 17), 0.8 + 0 * rows])
    light = 1 - shade * columns / 300
    layer = linear_to_srgb(srgb_to_linear(np.asarray(paint) / 255) * light[..., None])
    cover = np.zeros((240, 300))
    cover[20:220, 50:250] = disc(200)
    canvas = canvas + cover[..., None] * (layer - canvas)
    blend(canvas, np.ones(3), words("BROAD 80", 32), 90, 100)
    return canvas, cover


def rough(cover) -> Region:
    """The disc as a check would find it: a little too large in places."""
    mask = np.roll(cover > 0.5, 2, axis=1) | (cover > 0.9)
    return Region(Box.around(mask), Mask.encode(mask))


def recolored(data: bytes, where: Region, **parameters):
    return Recolor().apply(open_canvas(load_image(data), data), Fix(FixKind.RECOLOR, where, parameters))


def test_flat_paint_lands_on_the_target_and_nothing_outside_changes():
    wrong, cover = scene(WRONG)
    data = encode(wrong, FileForm("PNG"))
    change = recolored(data, rough(cover), to=TARGET)
    before, after = load_image(data).pixels, change.canvas.samples
    assert (after[60, 150] == RIGHT).all()
    changed = (before != after).any(axis=-1)
    distance = np.hypot(*np.mgrid[-119.5:120, -149.5:150])
    assert not changed[distance > 100 + RIM].any()
    assert not (changed & ~change.mask).any()


def test_edges_and_letters_look_as_if_drawn_in_the_right_paint():
    data = encode(scene(WRONG)[0], FileForm("PNG"))
    wanted = to_lab(load_image(encode(scene(RIGHT)[0], FileForm("PNG"))))
    cover = scene(WRONG)[1]
    after = to_lab(recolored(data, rough(cover), to=TARGET).canvas.samples)
    before = delta_e00(to_lab(load_image(data)), wanted)
    rest = delta_e00(after, wanted)
    assert rest.mean() < 0.05 * before.mean()
    edge = (cover > 0) & (cover < 1)
    assert rest[edge].mean() < 0.25 * before[edge].mean()


def test_shade_stays():
    data = encode(scene(WRONG, shade=0.5)[0], FileForm("PNG"))
    cover = scene(WRONG)[1]
    change = recolored(data, rough(cover), to=TARGET)
    inside = (cover == 1) & (load_image(data).pixels.max(axis=-1) < 200)
    lab, was = to_lab(change.canvas.samples)[inside], to_lab(load_image(data))[inside]
    reference = np.array(parse_color(TARGET).lab)
    assert np.median(shaded_distances(lab.astype(float), reference)) < 0.5
    assert np.corrcoef(lab[:, 0], was[:, 0])[0, 1] > 0.99


def test_a_colour_beyond_srgb_is_met_in_a_wide_file_and_neared_in_a_narrow_one():
    target = parse_color("color(display-p3 0.9 0.1 0.1)")
    cover = scene(WRONG)[1]
    wide = encode(scene((200, 30, 30))[0], FileForm("PNG", profile="p3"))
    canvas = recolored(wide, rough(cover), to=target.canonical).canvas
    shown = linear_to_srgb(canvas.space.linear(canvas.samples[60, 150]))
    assert float(delta_e00(to_lab(shown), target.lab)) < 0.4
    narrow = encode(scene((200, 30, 30))[0], FileForm("PNG"))
    pixel = recolored(narrow, rough(cover), to=target.canonical).canvas.samples[60, 150]
    nearest = to_lab(np.array(target.rgb, np.uint8))
    assert delta_e00(to_lab(pixel), target.lab) <= delta_e00(nearest, target.lab) + 0.05


def test_a_translucent_paint_is_judged_on_its_background():
    rgba = np.full((60, 60, 4), (200, 60, 60, 128), np.uint8)
    stream = io.BytesIO()
    Pillow.fromarray(rgba).save(stream, "PNG")
    whole = Region(Box(0, 0, 60, 60), Mask.encode(np.ones((60, 60), np.bool_)))
    canvas = recolored(stream.getvalue(), whole, to="#e09a9f").canvas
    shown = canvas.samples[30, 30] * (128 / 255) + 255 * (127 / 255)
    assert np.abs(shown - (0xE0, 0x9A, 0x9F)).max() <= 1


def test_transparent_pixels_stay_and_alpha_is_kept():
    cover = scene(WRONG)[1]
    rgba = np.dstack([np.where(cover[..., None] > 0, WRONG, 9), cover * 255]).astype(np.uint8)
    stream = io.BytesIO()
    Pillow.fromarray(rgba).save(stream, "PNG")
    canvas = recolored(stream.getvalue(), rough(cover), to=TARGET).canvas
    assert (canvas.alpha == rgba[..., 3]).all()
    assert (canvas.samples[rgba[..., 3] > 0] == RIGHT).all()
    assert (canvas.samples[rgba[..., 3] == 0] == rgba[..., :3][rgba[..., 3] == 0]).all()


def test_text_takes_its_new_colour_and_the_ground_stays():
    canvas = np.full((80, 300, 3), 0.8)
    cover = words("Summer sale", 36)
    grey = np.full(3, 150 / 255)
    blend(canvas, grey, cover, 20, 20)
    data = encode(canvas, FileForm("PNG"))
    box = Box(20, 20, cover.shape[1], cover.shape[0])
    change = recolored(data, Region(box), to="#000000", **{"from": "#969696"})
    wanted = np.full((80, 300, 3), 0.8)
    blend(wanted, np.zeros(3), cover, 20, 20)
    off = np.abs(change.canvas.samples.astype(int) - np.rint(wanted * 255))
    assert off.mean() < 0.3
    assert np.percentile(off, 99) < 12
    assert (change.canvas.samples[~change.mask] == load_image(data).pixels[~change.mask]).all()


@pytest.mark.parametrize(
    ("where", "parameters"),
    [
        (None, {"to": TARGET}),
        (Region(Box(0, 0, 9, 9)), {"to": TARGET}),
        (Region(Box(0, 0, 3, 3), Mask.encode(np.ones((3, 3), np.bool_))), {"to": TARGET}),
        (Region(Box(0, 0, 9, 9), Mask.encode(np.zeros((240, 300), np.bool_))), {"to": TARGET}),
        (Region(Box(0, 0, 300, 240), Mask.encode(np.ones((240, 300), np.bool_))), {"to": "PANTONE 300 C"}),
    ],
)
def test_a_fix_that_does_not_fit_is_refused_with_the_reason(where, parameters):
    data = encode(scene(WRONG)[0], FileForm("PNG"))
    with pytest.raises(CannotFix, match="Expected"):
        Recolor().apply(open_canvas(load_image(data), data), Fix(FixKind.RECOLOR, where, parameters))


def test_holes_are_filled_and_reach_is_bounded():
    mask = np.zeros((100, 100), np.bool_)
    mask[40:60, 40:60] = True
    mask[48:52, 48:52] = False
    assert filled_holes(mask).sum() == 400
    grown = reach_of(mask, 10)
    assert grown[30, 50]
    assert not grown[29, 50]


def test_connected_and_enclosed_pixels_of_the_colour_are_painted_and_no_others():
    alike = np.zeros((60, 60), np.bool_)
    alike[10:40, 10:40] = True
    alike[20:30, 20:30] = False
    alike[24:26, 24:26] = True
    alike[50:55, 50:55] = True
    mask = np.zeros((60, 60), np.bool_)
    mask[12:38, 12:38] = True
    mask[19:31, 19:31] = False
    paint = painted_pixels(alike, mask)
    assert paint[10, 10]
    assert paint[25, 25]
    assert not paint[22, 22]
    assert not paint[52, 52]


def test_cover_falls_from_paint_to_ground():
    cover = np.pad(disc(41), 8)
    colors = cover[..., None] * np.array([0.1, 0.3, 0.6]) + (1 - cover[..., None]) * np.array([0.9, 0.8, 0.7])
    truth = cover.astype(np.float64)
    estimated = cover_of(colors, truth > 0.999).alpha
    assert np.abs(estimated - truth).max() < 0.25
    assert np.abs(estimated - truth)[(truth > 0) & (truth < 1)].mean() < 0.03


@pytest.mark.parametrize("top", [255, 65535])
def test_samples_and_linear_light_are_inverse(top):
    space = Space(None, top)
    samples = np.random.default_rng(0).integers(0, top + 1, (50, 50, 3))
    assert np.array_equal(space.samples(space.linear(samples)), samples)


def test_a_p3_file_keeps_its_profile_and_its_samples():
    data = encode(scene(WRONG)[0], FileForm("PNG", profile="p3"))
    canvas = recolored(data, rough(scene(WRONG)[1]), to=TARGET).canvas
    expected = np.rint(to_p3(RIGHT[None] / 255)[0] * 255)
    assert np.abs(canvas.samples[60, 150] - expected).max() <= 1
    assert canvas.space.profile is not None


def test_a_piece_of_a_larger_surface_is_left_since_the_repair_would_end_in_the_middle_of_it():
    picture = np.full((240, 300, 3), 0.8)
    picture[40:200, 40:260] = WRONG / 255
    piece = np.zeros((240, 300), np.bool_)
    piece[40:200, 40:140] = True
    data = encode(picture, FileForm("PNG"))
    with pytest.raises(CannotFix, match=r"claim the whole surface"):
        recolored(data, Region(Box.around(piece), Mask.encode(piece)), to=TARGET)
