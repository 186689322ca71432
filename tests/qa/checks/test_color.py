"""Colour: both sides of every limit, shade, codecs, profiles, and what must not be taken for the brand's."""

import io
from functools import partial

import cv2
import numpy as np
import pytest
from PIL import Image
from skimage import data

from consistency.colorspace import lab_to_srgb, linear_to_srgb, srgb_to_linear, to_lab
from qa.asset import Asset, Brief
from qa.checks.color import ColorCheck
from qa.color.difference import delta_e00
from qa.demo.files import FileForm, encode, from_p3
from qa.engines import Engines
from qa.evidence import Evidence
from qa.kit.kit import BrandKit, ModelOptions
from qa.kit.problems import KitError
from qa.verdict import FixKind, Status

BLUE = (0, 85, 170)
KIT = 'kit: 1\ncolors:\n  acme_blue: {{value: "#0055aa"{}}}\n'
WALL = np.ascontiguousarray(cv2.resize(data.coffee(), (768, 768), interpolation=cv2.INTER_AREA))


def check_of(options=""):
    return ColorCheck.from_kit(BrandKit.from_text(KIT.format(options and ", " + options)))


def judge(source, options="", brief=None):
    asset = Asset.read(source, name="a.png", brief=brief)
    (finding,) = check_of(options).judge(asset, Evidence(asset, Engines(ModelOptions())))
    return finding


def off(delta_e, direction=(0.3, 0.5, 0.8), color=BLUE):
    """The whole sRGB numbers about `delta_e` from a colour."""
    lab = to_lab(np.array(color) / 255).astype(float)
    near, far = 0.0, 100.0
    for _ in range(40):
        middle = (near + far) / 2
        near, far = (middle, far) if delta_e00(lab, lab + middle * np.array(direction)) < delta_e else (near, middle)
    return tuple(round(float(channel) * 255) for channel in lab_to_srgb(lab + near * np.array(direction)))


def with_label(color, light=None, ground=WALL):
    """A photograph with a label of 200×240 px laid on it, under a light of 240 columns where given."""
    picture = ground.copy()
    label = np.tile(np.array(color, float) / 255, (200, 240, 1))
    if light is not None:
        label = linear_to_srgb(srgb_to_linear(label) * np.asarray(light)[None, :, None])
    picture[300:500, 250:490] = np.round(label * 255)
    return picture


def encoded(pixels, form="PNG", **options):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, form, **options)
    return file.getvalue()


def iou(finding):
    box = finding.where.box
    width = min(box.right, 490) - max(box.left, 250)
    height = min(box.bottom, 500) - max(box.top, 300)
    return width * height / (box.area + 240 * 200 - width * height)


@pytest.mark.parametrize("delta_e", [0, 1.0, 1.8])
def test_a_label_within_tolerance_passes(delta_e):
    finding = judge(with_label(off(delta_e)))
    assert (finding.status, finding.code) == (Status.PASS, "met")
    assert finding.value == pytest.approx(delta_e, abs=0.35)
    assert iou(finding) > 0.9


@pytest.mark.parametrize("delta_e", [2.5, 3.0, 4.6])
@pytest.mark.parametrize("direction", [(1, 0, 0), (0, 1, 0), (0.5, 0.7, 0.5)])
def test_a_label_a_little_off_fails_with_a_recolouring(delta_e, direction):
    color = off(delta_e, direction)
    finding = judge(with_label(color))
    assert (finding.status, finding.code) == (Status.FAIL, "color.out_of_tolerance")
    assert finding.value == pytest.approx(delta_e, abs=0.4)
    (fix,) = finding.fixes
    assert (fix.kind, fix.parameters["to"]) == (FixKind.RECOLOR, "#0055aa")
    assert fix.where.mask.area == pytest.approx(200 * 240, rel=0.1)


@pytest.mark.parametrize("delta_e", [5.6, 9.0])
def test_a_label_far_off_fails_without_a_fix(delta_e):
    finding = judge(with_label(off(delta_e)))
    assert (finding.status, finding.code, finding.fixes) == (Status.FAIL, "color.out_of_tolerance", ())
    assert finding.value == pytest.approx(delta_e, abs=0.6)


def test_a_picture_without_the_colour_misses_it():
    finding = judge(WALL)
    assert (finding.status, finding.code, finding.fixes) == (Status.FAIL, "color.missing", ())


def test_a_colour_that_need_not_be_there_may_be_absent_but_is_named_when_off():
    assert judge(WALL, "required: no").status is Status.PASS
    finding = judge(with_label(off(4)), "required: no")
    assert (finding.status, finding.code) == (Status.WARN, "color.near_miss")


def test_value_grows_with_the_distance():
    values = [judge(with_label(off(delta_e))).value for delta_e in (0, 1, 2, 3, 5, 8, 10)]
    assert values == sorted(values)


@pytest.mark.parametrize("form", [("JPEG", 60), ("JPEG", 75), ("JPEG", 95), ("WEBP", 75)])
def test_codecs_raise_no_false_alarm_and_hide_no_fault(form):
    name, quality = form
    save = partial(encoded, form=name, quality=quality)
    assert judge(save(with_label(BLUE))).status is Status.PASS
    assert judge(save(with_label(off(3)))).fixes
    assert judge(save(with_label(off(9)))).status is Status.FAIL


def test_profiles_are_judged_by_the_colour_they_show():
    blue, wide = with_label(BLUE) / 255, with_label((200, 16, 46)) / 255
    assert judge(encode(blue.astype(np.float32), FileForm("PNG", profile="p3"))).status is Status.PASS
    red = KIT.replace("#0055aa", "#c8102e")
    check = ColorCheck.from_kit(BrandKit.from_text(red.format("")))
    asset = Asset.read(encode(wide.astype(np.float32), FileForm("PNG", profile="p3_mislabelled")))
    (finding,) = check.judge(asset, Evidence(asset, Engines(ModelOptions())))
    assert finding.status is Status.FAIL
    shown = from_p3(np.array([200, 16, 46]) / 255)
    assert finding.value == pytest.approx(delta_e00(to_lab(shown), to_lab(np.array([200, 16, 46]) / 255)), abs=0.3)


def test_dithering_and_grain_raise_no_false_alarm():
    rng = np.random.default_rng(1)
    grain = rng.normal(0, 4, (768, 768, 1))
    noisy = np.clip(with_label(BLUE) + grain, 0, 255).astype(np.uint8)
    assert judge(noisy).status is Status.PASS
    dithered = with_label(BLUE)
    dithered[300:500:2, 250:490:2] = (0, 97, 170)
    dithered[301:500:2, 251:490:2] = (0, 73, 170)
    assert judge(dithered).status is Status.PASS


@pytest.mark.parametrize("darkest", [0.4, 0.6, 0.8])
def test_the_right_colour_half_in_shade_passes(darkest):
    light = np.concatenate([np.ones(100), np.linspace(1, darkest, 140)])
    finding = judge(with_label(BLUE, light))
    assert finding.status is Status.PASS
    assert finding.evidence["lit_delta_e00"] < 1


def test_a_wrong_hue_half_in_shade_fails():
    light = np.concatenate([np.ones(100), np.linspace(1, 0.5, 140)])
    assert judge(with_label(off(6, (0, 0.7, 0.7)), light)).status is Status.FAIL


def test_a_right_chromaticity_in_which_no_part_is_lit_is_never_a_silent_pass():
    finding = judge(with_label(BLUE, np.linspace(0.75, 0.4, 240)))
    assert (finding.status, finding.code) == (Status.WARN, "color.shade_or_wrong_lightness")


@pytest.mark.parametrize("light", [0.85, 0.6])
def test_flat_artwork_of_the_wrong_lightness_fails(light):
    finding = judge(with_label(BLUE, np.full(240, light)))
    assert finding.status is Status.FAIL


def test_shaded_mode_forgives_lightness_and_flat_mode_does_not():
    dark = with_label(BLUE, np.full(240, 0.7))
    assert judge(dark, "mode: shaded").status is Status.PASS
    assert judge(with_label(BLUE, np.linspace(1, 0.3, 240)), "mode: flat").status is Status.FAIL


def test_presence_asks_only_whether_it_is_there():
    assert judge(with_label(BLUE), "mode: presence").status is Status.PASS
    assert judge(with_label(off(9)), "mode: presence").code == "color.missing"


def test_a_right_label_beside_a_flat_near_miss_is_a_warning():
    picture = with_label(BLUE)
    picture[20:220, 20:260] = off(4, (0, 0.6, 0.8))
    finding = judge(picture)
    assert (finding.status, finding.code) == (Status.WARN, "color.near_miss")


@pytest.mark.parametrize("name", ["astronaut", "rocket", "chelsea"])
def test_photographs_behind_a_right_label_do_not_block(name):
    ground = cv2.resize(np.ascontiguousarray(getattr(data, name)()), (768, 768), interpolation=cv2.INTER_AREA)
    assert judge(with_label(BLUE, ground=ground)).status is not Status.FAIL


def test_the_box_of_the_kit_is_claimed_and_nothing_outside_counts():
    picture = with_label(off(3))
    picture[20:220, 20:260] = BLUE
    assert judge(picture).status in (Status.PASS, Status.WARN)
    boxed = judge(picture, 'where: "250,300 240x200"')
    assert (boxed.status, boxed.code) == (Status.FAIL, "color.out_of_tolerance")
    assert judge(picture, 'where: "0%,0% 40%x30%"').status is Status.PASS
    assert judge(picture, 'where: "2000,2000 10x10"').code == "color.missing"


def test_least_area_has_two_sides():
    picture = WALL.copy()
    picture[100:160, 100:160] = BLUE
    assert judge(picture).status is Status.PASS
    assert judge(picture, "min_area: 1%").code == "color.missing"


def test_the_nearest_of_two_near_brand_colours_owns_a_region():
    kit = 'kit: 1\ncolors:\n  light: {value: "#0055aa"}\n  dark: {value: "#004c9c", required: no}\n'
    asset = Asset.read(with_label((0, 76, 156)))
    light, dark = ColorCheck.from_kit(BrandKit.from_text(kit)).judge(asset, Evidence(asset, Engines(ModelOptions())))
    assert light.code == "color.missing"
    assert dark.status is Status.PASS


@pytest.mark.parametrize("grey", [(255, 255, 255), (20, 20, 20), (128, 128, 128)])
def test_white_black_and_grey_can_be_brand_colours(grey):
    kit = f'kit: 1\ncolors:\n  paper: {{value: "#{bytes(grey).hex()}"}}\n'
    check = ColorCheck.from_kit(BrandKit.from_text(kit))
    asset = Asset.read(with_label(grey))
    assert check.judge(asset, Evidence(asset, Engines(ModelOptions())))[0].status is not Status.FAIL


def test_when_and_level_choose_what_applies():
    check = check_of("when: {placement: story}")
    assert [rule.id for rule in check.rules(Brief(placement="story"))] == ["color.acme_blue"]
    assert check.rules(Brief()) == []
    assert check_of("level: off") is None
    assert ColorCheck.from_kit(BrandKit.from_text("kit: 1\n")) is None


@pytest.mark.parametrize("options", ["accept: 6", "accept: 0", "min_area: 0%", "mode: sideways", "where: here"])
def test_options_that_make_no_sense_are_refused(options):
    with pytest.raises(KitError):
        check_of(options)


def test_two_names_for_one_colour_are_refused():
    with pytest.raises(KitError):
        BrandKit.from_text('kit: 1\ncolors: {a: {value: "#0055aa"}, b: {value: "#05a"}}\n')


@pytest.mark.parametrize("side", [1, 3, 12])
def test_pictures_too_small_for_a_region_miss_the_colour(side):
    assert judge(np.full((side, side, 3), BLUE, np.uint8)).code in ("color.missing", "met")


def test_a_panel_on_a_gradient_through_its_colour_is_found_and_the_gradient_alone_is_not():
    ramp = np.clip(np.array(BLUE) + np.linspace(-60, 60, 768)[None, :, None] * np.ones((768, 1, 3)), 0, 255)
    gradient = ramp.astype(np.uint8)
    finding = judge(with_label(BLUE, ground=gradient))
    assert (finding.status, finding.evidence["surface"]) == (Status.PASS, "flat")
    alone = judge(gradient, "required: no")
    assert (alone.status, alone.value) in [(Status.PASS, None), (Status.WARN, alone.value)]
    assert alone.code != "color.near_miss"


def test_a_sky_is_never_to_be_recoloured():
    rows = np.linspace(-1, 1, 768)[:, None, None]
    sky = np.clip(np.array(off(3.5)) + rows * np.array([25, 16, 6]) + np.zeros((1, 768, 1)), 0, 255)
    grain = np.random.default_rng(3).normal(0, 2, (768, 768, 1))
    finding = judge(np.clip(sky + grain, 0, 255).astype(np.uint8))
    assert finding.status in (Status.FAIL, Status.WARN)
    assert finding.fixes == ()


def test_a_finding_states_the_colour_it_measured_and_how_surely_it_is_the_brands():
    finding = judge(with_label(off(3)))
    stated = np.array([finding.evidence[name] for name in ("lightness", "a", "b")], float)
    assert delta_e00(stated, to_lab(np.array(off(3)) / 255).astype(float)) < 0.1
    assert finding.evidence["confidence"] > 0.9
    assert finding.evidence["out_of_tolerance_fraction"] == 1


def test_a_colour_outside_srgb_is_compared_unclipped():
    green = KIT.replace('"#0055aa"', '"color(display-p3 0 0.8 0.2)"').format("")
    check = ColorCheck.from_kit(BrandKit.from_text(green))
    shown = np.tile(from_p3(np.array([0, 0.8, 0.2])), (300, 300, 1)).astype(np.float32)
    asset = Asset.read(encode(shown, FileForm("PNG", profile="p3")))
    (finding,) = check.judge(asset, Evidence(asset, Engines(ModelOptions())))
    assert finding.status is Status.PASS
    assert finding.value < 0.3


def water(color):
    """A surface that is even here and there and varies as water does."""
    ripples = cv2.GaussianBlur(np.random.default_rng(5).normal(0, 18, (600, 600, 3)), (0, 0), 3)
    return np.clip(ripples + np.array(color), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("distance", [3, 5])
def test_a_badge_on_water_of_nearly_its_colour_is_never_repaired_by_recolouring_the_water(distance):
    picture = water(off(distance, (1, -1, 1)))
    cv2.circle(picture, (300, 300), 70, off(4), -1)
    finding = judge(picture)
    assert finding.status is Status.FAIL
    for fix in finding.fixes:
        assert fix.where.mask.area == pytest.approx(np.pi * 70**2, rel=0.15)


def test_of_two_paints_that_may_both_be_the_brands_attempt_none_is_recoloured():
    picture = WALL.copy()
    picture[100:250, 100:300] = off(4, (0, 1, 0.3))
    picture[400:550, 100:300] = off(4, (1, 0, 0))
    finding = judge(picture)
    assert (finding.status, finding.code, finding.fixes) == (Status.FAIL, "color.out_of_tolerance", ())
