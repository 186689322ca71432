"""Height, safe area and alignment of required text, on rendered pictures whose ink is known."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from drawn_text import along_arc
from qa.asset import Asset, Brief
from qa.checks.text import TextCheck
from qa.codes import CODES
from qa.engines import Engines
from qa.evidence import Evidence
from qa.kit.kit import BrandKit
from qa.kit.problems import KitError
from qa.verdict import Finding, Status

WIDTH, HEIGHT = 720, 480


def kit_of(section: str) -> BrandKit:
    return BrandKit.from_text(f"kit: 1\nname: test\n{section}")


ENGINES = Engines(kit_of("").models, threads=1)


class Drawing:
    """A grey picture, and where the ink of each text on it lies."""

    def __init__(self) -> None:
        self._image = Image.new("RGB", (WIDTH, HEIGHT), (205, 212, 218))
        self._pen = ImageDraw.Draw(self._image)

    def write(self, text: str, left: int, top: int, size: int) -> tuple[int, int, int, int]:
        """Draw a text and return the bounds of its ink: left, top, right, bottom."""
        before = self.pixels
        self._pen.text((left, top), text, font=ImageFont.load_default(size), fill=(12, 24, 60))
        rows, columns = np.nonzero(np.abs(self.pixels.astype(int) - before).max(axis=2) > 90)
        return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1

    @property
    def pixels(self) -> np.ndarray:
        return np.array(self._image)


def judged(pixels: np.ndarray, section: str, brief: Brief | None = None) -> dict[str, Finding]:
    brief = brief or Brief()
    asset = Asset.read(pixels, brief=brief)
    check = TextCheck.from_kit(kit_of(section))
    findings = check.judge(asset, Evidence(asset, ENGINES))
    assert {f.rule for f in findings} == {rule.id for rule in check.rules(brief)}
    assert all(f.code in CODES for f in findings)
    return {finding.rule: finding for finding in findings}


@pytest.mark.parametrize("size", [24, 40, 72, 120])
@pytest.mark.parametrize("text", ["SALE", "Menu", "hello", "nose"])
def test_the_height_of_capitals_is_measured_to_a_pixel_and_told_by_other_letters_to_a_tenth(text, size):
    drawing = Drawing()
    drawing.write(text, 60, 60, size)
    _, top, _, bottom = Drawing().write("H", 60, 60, size)
    height = bottom - top
    found = judged(drawing.pixels, f'text: {{required: [{{id: a, value: "{text}", cap_height: 1px}}]}}')
    finding = found["text.a.cap_height"]
    assert finding.status is Status.PASS
    assert abs(finding.value - height) <= (1.0 if text in ("SALE", "Menu") else 1 + 0.1 * height)
    assert bool(finding.assumptions) == (text in ("hello", "nose"))


def test_text_set_too_small_or_too_large_fails_with_what_was_measured():
    drawing = Drawing()
    drawing.write("SUMMER SALE", 40, 40, 60)
    drawing.write("Terms apply.", 40, 200, 20)
    kit = """
text:
  cap_height: 5%
  required:
    - {id: headline, value: "SUMMER SALE", cap_height: 20px..30px}
    - {id: legal, value: "Terms apply."}
"""
    found = judged(drawing.pixels, kit)
    large, small = found["text.headline.cap_height"], found["text.legal.cap_height"]
    assert (large.code, large.limit.value, small.code, small.limit.value) == (
        "text.too_large",
        30,
        "text.too_small",
        24,
    )
    assert small.observed == f"capitals of {small.value:g} px"
    assert 13 <= small.value <= 16
    assert {found["text.headline"].status, found["text.legal"].status} == {Status.PASS}


def test_text_in_the_margin_fails_and_says_by_how_much():
    drawing = Drawing()
    left, *_ = drawing.write("SUMMER SALE", 30, 200, 60)
    kit = 'text: {safe_area: [{margin: 10%}], required: [{id: a, value: "SUMMER SALE"}]}'
    finding = judged(drawing.pixels, kit)["text.a.safe_area"]
    assert (finding.code, finding.status) == ("text.outside_safe_area", Status.FAIL)
    assert finding.value == pytest.approx(left - 72, abs=1.5)
    assert "beyond the left margin of 10%" in finding.observed


def test_text_inside_every_margin_passes_by_its_ink_not_by_the_detectors_box():
    drawing = Drawing()
    left, top, right, bottom = drawing.write("SUMMER SALE", 100, 100, 60)
    sides = f"left: {left - 2}px, top: {top - 2}px, right: {WIDTH - right - 2}px, bottom: {HEIGHT - bottom - 2}px"
    found = judged(drawing.pixels, f'text: {{safe_area: [{{{sides}}}], required: [{{id: a, value: "SUMMER SALE"}}]}}')
    assert found["text.a.safe_area"].status is Status.PASS


def test_a_safe_area_holds_for_its_placement_only_and_keeps_text_out_of_boxes():
    drawing = Drawing()
    drawing.write("SUMMER SALE", 100, 400, 50)
    kit = """
text:
  safe_area:
    - {bottom: 20%, when: {placement: story}}
    - {keep_out: ["80%,0 20%×50%"]}
  required: [{id: a, value: "SUMMER SALE"}]
"""
    assert judged(drawing.pixels, kit)["text.a.safe_area"].status is Status.PASS
    assert judged(drawing.pixels, kit, Brief(placement="story"))["text.a.safe_area"].status is Status.FAIL
    drawing = Drawing()
    drawing.write("SUMMER SALE", 300, 100, 50)
    finding = judged(drawing.pixels, kit)["text.a.safe_area"]
    assert finding.observed.endswith("beyond the edge of 576,0 144×240")


ALIGNED = """
text:
  required:
    - {{id: headline, value: "HELLO HILL"}}
    - {{id: label, value: "Bed linen", align: [{{edge: {edge}, to: {to}, tolerance: 4px}}]}}
"""


@pytest.mark.parametrize(("edge", "shift"), [("left", 0), ("left", 12), ("top", 9)])
def test_labels_are_aligned_with_each_other_within_the_tolerance(edge, shift):
    drawing = Drawing()
    first = drawing.write("HELLO HILL", 80, 80, 50)
    if edge == "left":
        bearing = Drawing().write("Bed linen", 80, 200, 30)[0] - 80
        drawing.write("Bed linen", first[0] + shift - bearing, 200, 30)
    else:
        drawing.write("Bed linen", 450, 80 + shift, 50)
    finding = judged(drawing.pixels, ALIGNED.format(edge=edge, to="headline"))["text.label.align"]
    assert finding.value == pytest.approx(shift, abs=2)
    assert finding.status is (Status.FAIL if shift else Status.PASS)
    assert (
        shift == 0 or ("right of that of headline" if edge == "left" else "below that of headline") in finding.observed
    )


@pytest.mark.parametrize(("to", "is_met"), [("picture", True), ('"0,0 50%×100%"', False)])
def test_a_label_is_centred_in_the_picture_or_in_a_box(to, is_met):
    drawing = Drawing()
    drawing.write("HELLO HILL", 80, 40, 50)
    left, _, right, _ = Drawing().write("Bed linen", 0, 240, 40)
    drawing.write("Bed linen", round(WIDTH / 2 - (left + right) / 2), 240, 40)
    finding = judged(drawing.pixels, ALIGNED.format(edge="center", to=to))["text.label.align"]
    assert (finding.status is Status.PASS) == is_met
    assert is_met or finding.value == pytest.approx(WIDTH / 4, abs=2)


def test_lines_of_one_text_are_held_against_each_other():
    kit = 'text: {required: [{id: a, value: "Nine men made", align: [{edge: left, tolerance: 4px}]}]}'
    for shift, status in ((0, Status.PASS), (24, Status.FAIL)):
        drawing = Drawing()
        drawing.write("Nine men", 80, 80, 44)
        drawing.write("made", 80 + shift, 130, 44)
        finding = judged(drawing.pixels, kit)["text.a.align"]
        assert finding.status is status
    assert "of its lines differs" in finding.observed


def test_what_is_not_found_is_not_measured_and_never_a_pass():
    kit = 'text: {required: [{id: a, value: "SUMMER SALE", cap_height: 24px, align: [{edge: left, to: picture}]}]}'
    found = judged(Drawing().pixels, kit)
    assert found["text.a"].code == "text.missing"
    measured = [found[f"text.a.{name}"] for name in ("cap_height", "align")]
    assert [(each.code, each.status) for each in measured] == [("text.not_measured", Status.NOT_RUN)] * 2


def test_a_text_on_no_straight_line_has_no_height_and_never_passes():
    found = judged(
        along_arc("ORGANIC COFFEE", 220), 'text: {required: [{id: a, value: "ORGANIC COFFEE", cap_height: 24px}]}'
    )["text.a.cap_height"]
    assert (found.status, found.code, found.value) == (Status.NOT_EVALUABLE, "text.not_measured", None)
    assert "straight line" in found.observed


def test_a_kit_without_these_options_measures_no_ink(monkeypatch):
    monkeypatch.setattr("qa.checks.text_placing.inked_lines", lambda *_: pytest.fail("measured"))
    drawing = Drawing()
    drawing.write("SUMMER SALE", 60, 60, 60)
    found = judged(drawing.pixels, 'text: {required: [{id: a, value: "SUMMER SALE"}]}')
    assert set(found) == {"text.a", "text.unexpected"}


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("cap_height: 24", "24px or 24%"),
        ("cap_height: 30px..24px", "30px is more than 24px"),
        ("cap_height: ..", "a length or a range"),
        ("cap_height: 24em", "use px, % or no unit"),
        ("align: [{edge: left, to: b}]", "names 'b'"),
        ("align: [{edge: left, to: a}]", "names 'a'"),
        ("align: [{edge: top}]", "what the top is aligned to"),
        ("align: [{edge: centre, to: picture}]", "center"),
        ("language: xx", "a language such as de"),
    ],
)
def test_an_option_that_says_nothing_is_refused_with_what_to_write(option, said):
    with pytest.raises(KitError, match=said):
        kit_of(f'text: {{required: [{{id: a, value: "x", {option}}}]}}').section("text", TextCheck.Options)


@pytest.mark.parametrize("area", ["{}", "{margin: 0px}", "{left: 60%, right: 40%}", "{margin: -1px}"])
def test_a_safe_area_that_says_nothing_or_leaves_nothing_is_refused(area):
    with pytest.raises(KitError):
        kit_of(f"text: {{safe_area: [{area}]}}").section("text", TextCheck.Options)
