"""A brand patch that is ΔE00 3 off, on photographs and on artwork: is it found, and where?

Patches are rectangles, ellipses, rounded boards, polygons and rings of 0.5 to 20 % of the picture, ΔE00 3 from a real
brand colour in a random direction of L*a*b*. Files are PNG or JPEG at quality 60 to 95. Found means: the rule fails
with `color.out_of_tolerance`, and the box around what it found has an intersection over union of at least 0.7 with
the true one. What claims the patch: the kit's `box` (up to 15 % wider), a `mask`, a required `text` whose letters it
is, or only that the colour is `required` and has to be found.
"""

from __future__ import annotations

from collections import Counter

import cv2
import numpy as np
from PIL import Image, ImageDraw
from rates import rate

from color_scenes.pictures import (
    Floats,
    Pixels,
    any_direction,
    brand_colors,
    encoded,
    judge,
    lab_of,
    off_by,
    photographs,
    random_file,
)
from consistency.region import Box
from qa.color.difference import delta_e00
from qa.demo.drawing import font
from qa.verdict import Finding, Status

SHAPES = ("rectangle", "ellipse", "rounded", "polygon", "ring")
GROUNDS = ("photograph", "artwork")
OFF, LEAST_IOU = 3.0, 0.7
WORDS = ("SALE", "SUMMER", "NEW", "FRESH", "MARLOW", "OPEN NOW")


def measure(quick: bool, seed: int = 0) -> dict[str, object]:
    count = 10 if quick else 400
    result: dict[str, object] = {
        claim: found_shapes(np.random.default_rng([seed, number]), count, claim)
        for number, claim in enumerate(("box", "mask", "required_in_auto"))
    }
    result["text"] = found_letters(np.random.default_rng([seed, 9]), 3 if quick else 60)
    return result


def found_shapes(rng: np.random.Generator, count: int, claim: str) -> object:
    tally: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for index in range(count):
        ground, shape = GROUNDS[index % 2], SHAPES[index % 5]
        rgb, wrong = near_pair(rng)
        pixels = ground_of(rng, ground, rgb)
        inside = patch_of(rng, *pixels.shape[:2], shape)
        picture = np.where(inside[..., None], wrong, pixels).astype(np.uint8)
        true = Box.around(inside)
        if claim == "mask":
            mask = encoded(np.where(inside, 255, 0).astype(np.uint8))
            finding = judge(random_file(rng, picture), rgb, "where: {mask: mask.png}", {"mask.png": mask})
        else:
            finding = judge(random_file(rng, picture), rgb, wider(rng, true) if claim == "box" else "")
        tally[ground] += is_found(finding, true)
        tally[f"fixed_{ground}"] += bool(finding.fixes)
        tally[f"accepted_{ground}"] += not finding.is_blocking
        if not is_found(finding, true):
            missed[f"{ground} {shape} {finding.code}"] += 1
    half = {ground: len(range(number, count, 2)) for number, ground in enumerate(GROUNDS)}
    return {
        "found": rate(tally["photograph"] + tally["artwork"], count),
        "found_on": {ground: rate(tally[ground], half[ground]) for ground in GROUNDS},
        "with_a_recolouring": rate(sum(tally[f"fixed_{ground}"] for ground in GROUNDS), count),
        "accepted": rate(sum(tally[f"accepted_{ground}"] for ground in GROUNDS), count),
        "missed": dict(missed.most_common(12)),
    }


def is_found(finding: Finding, true: Box | None) -> bool:
    box = finding.where.box if finding.where else None
    is_off = finding.status is Status.FAIL and finding.code == "color.out_of_tolerance"
    return is_off and box is not None and true is not None and box.intersection_over_union(true) >= LEAST_IOU


def near_pair(rng: np.random.Generator) -> tuple[Floats, Floats]:
    """A brand's colour and the one that stands for it, ΔE00 3 off."""
    while True:
        rgb = brand_colors()[rng.integers(len(brand_colors()))]
        wrong = off_by(rgb, OFF, any_direction(rng))
        if wrong is not None and abs(float(delta_e00(lab_of(rgb), lab_of(wrong))) - OFF) < 0.4:
            return rgb, wrong


def wider(rng: np.random.Generator, box: Box) -> str:
    """A box that reaches up to 15 % further on each side."""
    left, top, right, bottom = (round(s) for s in rng.uniform(0, 0.15, 4) * ([box.width, box.height] * 2))
    start = max(0, box.left - left), max(0, box.top - top)
    size = box.right + right - start[0], box.bottom + bottom - start[1]
    return f'where: "{start[0]},{start[1]} {size[0]}x{size[1]}"'


def ground_of(rng: np.random.Generator, ground: str, rgb: Floats) -> Pixels:
    if ground == "photograph":
        known = photographs(is_quick=True)
        return known[rng.integers(len(known))][1]
    return artwork(rng, rgb)


def artwork(rng: np.random.Generator, rgb: Floats) -> Pixels:
    """A flat or graded ground with a few flat shapes, none within ΔE00 12 of the brand's colour."""
    height, width = (int(side) for side in rng.integers(600, 1025, 2))
    colors = brand_colors()
    others = colors[delta_e00(lab_of(colors), lab_of(rgb)) > 12]
    start, end = (others[rng.integers(len(others))] for _ in range(2))
    ramp = np.linspace(0, rng.choice([0, 0, 0.3]), width)[None, :, None]
    picture = np.ascontiguousarray(np.broadcast_to(np.round(start + ramp * (end - start)), (height, width, 3)))
    picture = picture.astype(np.uint8)
    for _ in range(int(rng.integers(2, 7))):
        inside = patch_of(rng, height, width, str(rng.choice(SHAPES)))
        picture[inside] = others[rng.integers(len(others))]
    return picture


def patch_of(rng: np.random.Generator, height: int, width: int, shape: str) -> np.ndarray:
    """A shape of 0.5 to 20 % of a picture, evenly on a logarithmic scale, H×W; a ring is at least 24 px wide."""
    while True:
        wanted = np.exp(rng.uniform(np.log(0.005), np.log(0.2))) * height * width
        aspect = np.exp(rng.uniform(-0.6, 0.6))
        area = wanted * {"ellipse": 4 / np.pi, "polygon": 1.6, "ring": 2.2}.get(shape, 1.05)
        rows, columns = round(np.sqrt(area / aspect)), round(np.sqrt(area * aspect))
        if rows >= height - 2 or columns >= width - 2 or (shape == "ring" and min(rows, columns) < 100):
            continue
        top, left = int(rng.integers(1, height - rows)), int(rng.integers(1, width - columns))
        inside = np.zeros((height, width), np.uint8)
        fill(rng, inside[top : top + rows, left : left + columns], shape)
        if 0.005 <= inside.mean() <= 0.2:
            return inside > 0


def fill(rng: np.random.Generator, frame: np.ndarray, shape: str) -> None:
    """Draw a shape into its frame, rows×columns, in place."""
    rows, columns = frame.shape
    y, x = np.mgrid[-1 : 1 : rows * 1j, -1 : 1 : columns * 1j]
    if shape == "rectangle":
        frame[:] = 1
    elif shape == "ellipse":
        frame[:] = x**2 + y**2 <= 1
    elif shape == "rounded":
        frame[:] = np.abs(x) ** 6 + np.abs(y) ** 6 <= 1
    elif shape == "ring":
        frame[:] = (x**2 + y**2 <= 1) & (x**2 + y**2 >= rng.uniform(0.15, 0.3))
    else:
        angles = np.sort(rng.uniform(0, 2 * np.pi, 7))
        reach = rng.uniform(0.8, 1, 7)
        points = np.stack([(1 + reach * np.cos(angles)) * columns / 2, (1 + reach * np.sin(angles)) * rows / 2], axis=1)
        cv2.fillPoly(frame, [np.round(points).astype(np.int32)], 1)


def found_letters(rng: np.random.Generator, count: int) -> object:
    """Large letters that are ΔE00 3 off, and right ones; only those that the reader finds are counted."""
    tally: Counter[str] = Counter()
    for _ in range(count):
        word = str(rng.choice(WORDS))
        rgb, wrong = near_pair(rng)
        while abs(lab_of(rgb)[0] - 50) < 15:
            rgb, wrong = near_pair(rng)
        for kind, ink in (("wrong", wrong), ("right", rgb)):
            picture, true = with_word(rng, word, ink)
            finding = judge(random_file(rng, picture), rgb, "where: {text: t}", text=word)
            tally[f"{kind}_{finding.status}"] += 1
            tally[f"{kind}_found"] += is_found(finding, true)
    read = {kind: count - tally[f"{kind}_not_evaluable"] for kind in ("wrong", "right")}
    return {
        "found": rate(tally["wrong_found"], read["wrong"]),
        "right_blocked": rate(tally["right_fail"], read["right"]),
        "not_evaluable": rate(tally["wrong_not_evaluable"] + tally["right_not_evaluable"], 2 * count),
    }


def with_word(rng: np.random.Generator, word: str, ink: Floats) -> tuple[Pixels, Box | None]:
    """A word in large letters on a plain ground, dark on light or light on dark."""
    ground = 250 if lab_of(ink)[0] < 50 else 12
    letters = Image.new("L", (900, 500), 0)
    size = int(rng.integers(70, 150))
    ImageDraw.Draw(letters).text((int(rng.integers(20, 80)), int(rng.integers(40, 250))), word, 255, font(size))
    cover = np.asarray(letters, np.float64)[..., None] / 255
    picture = np.round(cover * ink + (1 - cover) * ground).astype(np.uint8)
    return picture, Box.around(cover[..., 0] > 0.5)
