"""What a kit claims as the brand's: a mask, the letters of a text, the part that a reference shows in the colour."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image
from skimage import data

from qa.asset import Asset
from qa.checks.color import ColorCheck, color_readings
from qa.engines import Engines
from qa.evidence import Evidence, Need
from qa.kit.kit import BrandKit, ModelOptions
from qa.kit.problems import KitError
from qa.text.reader import TextLine
from qa.verdict import FixKind, Status

BLUE, NEARLY = (0, 85, 170), (18, 93, 178)
WALL = np.ascontiguousarray(cv2.resize(data.coffee(), (600, 600), interpolation=cv2.INTER_AREA))
COLOR = 'kit: 1\ncolors: {{acme_blue: {{value: "#0055aa", where: {}}}}}\n'


def png(pixels):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def kit_of(folder, where, more="", **files):
    for name, content in files.items():
        (folder / f"{name}.png").write_bytes(content)
    return BrandKit.from_text(COLOR.format(where) + more, folder=folder)


def judge(kit, source, lines=None):
    check, asset = ColorCheck.from_kit(kit), Asset.read(source, name="a.png")
    evidence = Evidence(asset, Engines(ModelOptions()))
    if lines is not None:
        evidence.supply("lines", tuple(lines))
    (finding,) = check.judge(asset, evidence)
    assert color_readings(evidence, check).keys() == ({"acme_blue"} if finding.value is not None else set())
    return finding


def with_disc(color):
    picture = WALL.copy()
    cv2.circle(picture, (300, 260), 90, color, -1)
    return picture


@pytest.fixture
def mask():
    disc = np.zeros((600, 600), np.uint8)
    cv2.circle(disc, (300, 260), 90, 255, -1)
    return png(disc)


def test_a_mask_claims_its_pixels_whatever_else_is_right(tmp_path, mask):
    kit = kit_of(tmp_path, "{mask: mask.png}", mask=mask)
    assert judge(kit, with_disc(BLUE)).status is Status.PASS
    elsewhere = with_disc(NEARLY)
    elsewhere[:100] = BLUE
    finding = judge(kit, elsewhere)
    assert (finding.status, finding.code) == (Status.FAIL, "color.out_of_tolerance")
    assert finding.where.mask.area == pytest.approx(np.pi * 90**2, rel=0.05)
    (fix,) = finding.fixes
    assert (fix.kind, fix.parameters["to"], fix.parameters["surface"]) == (FixKind.RECOLOR, "#0055aa", "flat")


def test_what_a_mask_claims_is_wrong_however_far_from_the_colour(tmp_path, mask):
    finding = judge(kit_of(tmp_path, "{mask: mask.png}", mask=mask), with_disc((240, 230, 40)))
    assert (finding.status, finding.code, finding.fixes) == (Status.FAIL, "color.out_of_tolerance", ())
    assert finding.value > 50


def test_a_mask_is_scaled_to_the_same_shape_and_no_other(tmp_path, mask):
    kit = kit_of(tmp_path, "{mask: mask.png}", mask=mask)
    assert judge(kit, cv2.resize(with_disc(BLUE), (900, 900))).status is Status.PASS
    finding = judge(kit, with_disc(BLUE)[:400])
    assert (finding.status, finding.code) == (Status.NOT_EVALUABLE, "color.unclear")


def test_a_mask_without_white_or_that_is_no_picture_is_refused(tmp_path):
    for content in (png(np.zeros((60, 60), np.uint8)), b"no picture"):
        with pytest.raises(KitError, match="mask"):
            ColorCheck.from_kit(kit_of(tmp_path, "{mask: mask.png}", mask=content))


@pytest.mark.parametrize("where", ["{text: headline}", "{subject: sneaker}", "{mask: a.png, text: b}", "{logo: x}"])
def test_places_that_the_kit_does_not_have_are_refused(tmp_path, where):
    with pytest.raises(KitError):
        ColorCheck.from_kit(kit_of(tmp_path, where))


TEXT = "text: {required: [{id: headline, value: SALE, when: {placement: poster}}]}\n"


def with_word(color):
    picture = np.full((300, 700, 3), 250, np.uint8)
    cv2.putText(picture, "SALE", (60, 190), cv2.FONT_HERSHEY_DUPLEX, 5, color, 14)
    return picture


LINE = TextLine("SALE", ((50.0, 60.0), (560.0, 60.0), (560.0, 205.0), (50.0, 205.0)), 0.99)


@pytest.mark.parametrize(("color", "status"), [(BLUE, Status.PASS), (NEARLY, Status.FAIL)])
def test_the_letters_of_a_text_are_judged_as_flat(tmp_path, color, status):
    kit = kit_of(tmp_path, "{text: headline}", TEXT.replace(", when: {placement: poster}", ""))
    assert ColorCheck.from_kit(kit).needs == {Need.LINES}
    finding = judge(kit, with_word(color), [LINE])
    assert finding.status is status
    rows, columns = np.nonzero((with_word(color) != 250).any(axis=2))
    box = finding.where.box
    assert (box.left, box.top) == (pytest.approx(columns.min(), abs=3), pytest.approx(rows.min(), abs=3))
    assert (box.right, box.bottom) == (pytest.approx(columns.max(), abs=3), pytest.approx(rows.max(), abs=3))


def test_a_text_that_is_not_found_is_not_evaluable_and_one_that_is_not_required_asks_nothing(tmp_path):
    kit = kit_of(tmp_path, "{text: headline}", TEXT.replace(", when: {placement: poster}", ""))
    blank = np.full((300, 700, 3), 250, np.uint8)
    assert judge(kit, blank, []).status is Status.NOT_EVALUABLE
    asset = Asset.read(blank)
    check = ColorCheck.from_kit(kit_of(tmp_path, "{text: headline}", TEXT))
    assert list(check.rules(asset.brief)) == []


def product(color):
    """A photograph with a panel in a colour: what a reference shows."""
    picture = np.ascontiguousarray(data.astronaut()[:500, :500])
    picture[380:480, 30:190] = color
    return picture


def seen_elsewhere(picture):
    """The same under a perspective, on another ground."""
    corners = np.array([[0, 0], [500, 0], [500, 500], [0, 500]], np.float32)
    moved = np.array([[120, 90], [560, 120], [540, 560], [100, 530]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, moved)
    return cv2.warpPerspective(picture, matrix, (700, 700), borderValue=(180, 190, 170)), matrix


SUBJECT = "subjects: {sneaker: {references: [ref.png]}}\n"


@pytest.mark.parametrize(("color", "status"), [(BLUE, Status.PASS), (NEARLY, Status.FAIL)])
def test_the_part_of_a_subject_that_its_reference_shows_in_the_colour_is_claimed(tmp_path, color, status):
    kit = kit_of(tmp_path, "{subject: sneaker}", SUBJECT, ref=png(product(BLUE)))
    picture, matrix = seen_elsewhere(product(color))
    finding = judge(kit, picture)
    assert finding.status is status
    corners = np.array([[[30, 380], [190, 380], [190, 480], [30, 480]]], np.float32)
    left, top, width, height = cv2.boundingRect(cv2.perspectiveTransform(corners, matrix))
    assert (finding.where.box.left, finding.where.box.top) == (pytest.approx(left, abs=12), pytest.approx(top, abs=12))
    assert finding.where.box.area == pytest.approx(width * height, rel=0.3)


def test_a_subject_that_is_not_matched_leaves_the_colour_to_be_found(tmp_path):
    kit = kit_of(tmp_path, "{subject: sneaker}", SUBJECT, ref=png(product(BLUE)))
    assert judge(kit, with_disc(BLUE)).status is Status.PASS
    assert judge(kit, WALL).code == "color.missing"


PANEL = np.zeros((600, 600), np.uint8)
PANEL[200:300, 150:350] = 255


def with_panel(color, other, share):
    """A panel of 200×100 px, a share of it in another colour."""
    picture = WALL.copy()
    picture[200:300, 150:350] = color
    picture[200:300, 150 : 150 + round(200 * share)] = other
    return picture


@pytest.mark.parametrize("share", [0.25, 0.45, 0.6])
def test_a_masked_panel_whose_part_is_off_fails_whatever_its_median(tmp_path, share):
    finding = judge(kit_of(tmp_path, "{mask: panel.png}", panel=png(PANEL)), with_panel(BLUE, (53, 87, 167), share))
    assert (finding.status, finding.code) == (Status.FAIL, "color.out_of_tolerance")
    assert finding.value == pytest.approx(3.98, abs=0.05)
    if share < 0.5:
        assert finding.fixes[0].where.mask.area == pytest.approx(20_000 * share, rel=0.1)


@pytest.mark.parametrize(
    ("share", "status", "code"),
    [(0.15, Status.PASS, "met"), (0.4, Status.WARN, "color.covered"), (0.6, Status.FAIL, "color.out_of_tolerance")],
)
def test_a_masked_panel_of_which_much_is_of_another_colour_does_not_pass_silently(tmp_path, share, status, code):
    finding = judge(kit_of(tmp_path, "{mask: panel.png}", panel=png(PANEL)), with_panel(BLUE, (200, 16, 46), share))
    assert (finding.status, finding.code, finding.fixes) == (status, code, ())


def test_a_masked_panel_with_writing_on_it_passes(tmp_path):
    picture = with_panel(BLUE, BLUE, 0)
    cv2.putText(picture, "SALE", (165, 275), cv2.FONT_HERSHEY_SIMPLEX, 2.2, (255, 255, 255), 14, cv2.LINE_AA)
    assert judge(kit_of(tmp_path, "{mask: panel.png}", panel=png(PANEL)), picture).code == "met"


@pytest.mark.parametrize(("color", "status"), [(BLUE, Status.PASS), (NEARLY, Status.FAIL)])
def test_a_mask_of_thin_lines_is_measured_without_what_lies_beside_them(tmp_path, color, status):
    lines = np.zeros((600, 600), np.uint8)
    for row in range(100, 500, 20):
        lines[row : row + 3, 100:500] = 255
    picture = np.full((600, 600, 3), 255, np.uint8)
    picture[lines > 0] = color
    assert judge(kit_of(tmp_path, "{mask: lines.png}", lines=png(lines)), picture).status is status


def test_a_wrong_panel_in_a_box_is_not_saved_by_a_right_scrap_beside_it(tmp_path):
    picture = with_panel((53, 87, 167), (53, 87, 167), 0)
    picture[20:60, 20:60] = BLUE
    finding = judge(kit_of(tmp_path, '"0%,0% 100%×100%"'), picture)
    assert (finding.status, finding.code) == (Status.FAIL, "color.out_of_tolerance")


SHOE = "\nsubjects: {shoe: {references: [shoe.png]}}\n"


def test_a_subject_that_stands_elsewhere_before_the_same_scenery_is_looked_for(tmp_path):
    kit = kit_of(tmp_path, "{subject: shoe}", SHOE, shoe=png(with_disc(BLUE)))
    moved = WALL.copy()
    cv2.circle(moved, (150, 450), 90, BLUE, -1)
    finding = judge(kit, moved)
    assert finding.status is Status.PASS
    assert finding.where.box.left < 150 < finding.where.box.right
    assert judge(kit, WALL).code == "color.missing"


@pytest.mark.parametrize("color", [NEARLY, (255, 230, 40)])
def test_a_subjects_part_is_found_again_in_any_colour(tmp_path, color):
    kit = kit_of(tmp_path, "{subject: shoe}", SHOE, shoe=png(with_disc(BLUE)))
    assert judge(kit, with_disc(color)).code == "color.out_of_tolerance"
