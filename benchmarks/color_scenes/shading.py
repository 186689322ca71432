"""A brand's surface under less of the same light: is the right paint told from a wrong one?

Light is one factor on linear sRGB, from 0.4 to 1 and, beside it, from 0.3. Paints are real brand colours within reach
of the law: chroma of at least 12, and at the least light no channel of L*a*b* on its linear part. Surfaces: a `flat`
board across which light falls off, a `curved` one lit from the side, a `textured` one with a grain. The surface lies
on a photograph; the file is PNG or JPEG at quality 60 to 95. The kit asks for the colour within ΔE00 2.

Beside each figure: the plain rule that the median ΔE00 of the true region is at most 5.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image
from rates import rate

from color_scenes.pictures import (
    LEAST_CHROMA,
    Floats,
    Pixels,
    brand_colors,
    encoded,
    hue_or_chroma,
    judge,
    lab_of,
    off_by,
    photographs,
    random_file,
)
from consistency.colorspace import EPSILON, SRGB_TO_XYZ, WHITE, linear_to_srgb, srgb_to_linear
from consistency.image import load_image
from qa.color.difference import delta_e00
from qa.color.shading import without_shading
from qa.verdict import Status

SURFACES = ("flat", "curved", "textured")
PLAIN_LIMIT = 5.0
DEGRADATIONS = ("jpeg", "dithered", "ordered", "gradient", "transparent")


@dataclass(frozen=True)
class Scene:
    """A picture with one surface in it."""

    pixels: Pixels
    inside: np.ndarray
    box: str


def measure(quick: bool, seed: int = 0) -> dict[str, object]:
    count = 8 if quick else 400
    result: dict[str, object] = {"pairs_of_brand_colors": indistinguishable()}
    for least in (0.4, 0.3):
        many = count if least == 0.4 else count // 4
        result[f"light_{least}_to_1"] = {
            "auto_varying": varying(np.random.default_rng([seed, 1]), many, least, ""),
            "auto_varying_in_its_box": varying(np.random.default_rng([seed, 2]), many // 2, least, "box"),
            "shaded_mode_even_light": varying(
                np.random.default_rng([seed, 3]), many // 2, least, "mode: shaded", is_even=True
            ),
        }
    result["flat_artwork_of_wrong_lightness"] = wrong_lightness(np.random.default_rng([seed, 4]), count)
    result["codecs_and_edges"] = degraded(np.random.default_rng([seed, 5]), count // 4)
    return result


def varying(rng: np.random.Generator, count: int, least: float, options: str, *, is_even: bool = False) -> object:
    """Right and wrong paints under the same kinds of light."""
    tally: Counter[str] = Counter()
    colors = within_reach(least)
    for index in range(count):
        surface = SURFACES[index % 3]
        rgb = colors[rng.integers(len(colors))]
        wrong = None
        while wrong is None:
            wrong = off_by(rgb, rng.uniform(5.2, 9), hue_or_chroma(rng))
        paints = {"right": rgb, "wrong": wrong}
        if index % 4 == 0:
            paints["darker"] = darker_paint(rng, rgb)
        light_seed = int(rng.integers(2**31))
        for kind, paint in paints.items():
            drawn = np.random.default_rng(light_seed)
            scene = draw(drawn, paint, surface, least, is_even=is_even)
            source = random_file(drawn, scene.pixels)
            said = f'where: "{scene.box}"' if options == "box" else options
            finding = judge(source, rgb, said)
            tally[f"{kind}_{surface}_blocked"] += finding.is_blocking
            tally[f"{kind}_{surface}_warned"] += finding.status is Status.WARN
            tally[f"{kind}_{surface}"] += 1
            tally[f"{kind}_plain_blocked"] += plain_distance(source, scene, rgb) > PLAIN_LIMIT
    return told(tally)


def told(tally: Counter[str]) -> dict[str, object]:
    def sum_of(kind: str, what: str) -> int:
        return sum(tally[f"{kind}_{surface}{what}"] for surface in SURFACES)

    total, darker = sum_of("right", ""), sum_of("darker", "")
    return {
        "right_falsely_rejected": rate(sum_of("right", "_blocked"), total),
        "right_falsely_rejected_by_surface": {s: tally[f"right_{s}_blocked"] for s in SURFACES},
        "right_warned": rate(sum_of("right", "_warned"), total),
        "wrong_hue_or_chroma_falsely_accepted": rate(total - sum_of("wrong", "_blocked"), total),
        "wrong_accepted_by_surface": {s: tally[f"wrong_{s}"] - tally[f"wrong_{s}_blocked"] for s in SURFACES},
        "darker_paint_accepted": rate(darker - sum_of("darker", "_blocked"), darker),
        "darker_paint_accepted_without_a_warning": rate(
            darker - sum_of("darker", "_blocked") - sum_of("darker", "_warned"), darker
        ),
        "plain_rule_right_falsely_rejected": rate(tally["right_plain_blocked"], total),
        "plain_rule_wrong_falsely_accepted": rate(total - tally["wrong_plain_blocked"], total),
        "plain_rule_darker_paint_accepted": rate(darker - tally["darker_plain_blocked"], darker),
    }


def wrong_lightness(rng: np.random.Generator, count: int) -> object:
    """Flat artwork of the right chromaticity and the wrong lightness, or of the right hue and chroma."""
    accepted = plain_accepted = right_blocked = total = 0
    colors = within_reach(0.4)
    while total < count:
        rgb = colors[rng.integers(len(colors))]
        sign = rng.choice([-1, 1])
        lab = lab_of(rgb)
        along = np.array([lab[0] + 16, lab[1], lab[2]]) if rng.random() < 0.5 else np.array([1.0, 0, 0])
        wrong = off_by(rgb, rng.uniform(5.2, 12), sign * along / np.linalg.norm(along))
        if wrong is None:
            continue
        scene = draw(rng, wrong, "flat", 1.0)
        source = random_file(rng, scene.pixels)
        accepted += not judge(source, rgb).is_blocking
        plain_accepted += plain_distance(source, scene, rgb) <= PLAIN_LIMIT
        right_blocked += judge(random_file(rng, draw(rng, rgb, "flat", 1.0).pixels), rgb).is_blocking
        total += 1
    return {
        "falsely_accepted": rate(accepted, total),
        "plain_rule_falsely_accepted": rate(plain_accepted, total),
        "right_falsely_rejected": rate(right_blocked, total),
    }


def degraded(rng: np.random.Generator, count: int) -> object:
    """The right colour, flat, through what must raise no alarm: blocking ones and warnings, of each kind."""
    result: dict[str, object] = {}
    colors = brand_colors()
    for kind in DEGRADATIONS:
        alarms: Counter[str] = Counter()
        for _ in range(count):
            rgb = colors[rng.integers(len(colors))]
            finding = judge(degraded_file(rng, rgb, kind), rgb)
            alarms["blocking"] += finding.is_blocking
            alarms["warning"] += finding.status is Status.WARN
        result[kind] = {"blocking": rate(alarms["blocking"], count), "warning": rate(alarms["warning"], count)}
    return result


def degraded_file(rng: np.random.Generator, rgb: Floats, kind: str) -> bytes:
    scene = draw(rng, rgb, "flat", 1.0)
    if kind == "jpeg":
        return encoded(scene.pixels, "JPEG", quality=int(rng.integers(60, 96)), subsampling=int(rng.choice([0, 1, 2])))
    if kind == "dithered":
        few = Image.fromarray(scene.pixels).quantize(64, dither=Image.Dither.FLOYDSTEINBERG)
        return encoded(np.asarray(few.convert("RGB")))
    if kind == "ordered":
        levels = ordered(scene.pixels)
        return encoded(levels)
    if kind == "gradient":
        return encoded(with_gradient(rng, scene, rgb))
    alpha = np.where(scene.inside, 255, 0).astype(np.uint8)
    soft = cv2.GaussianBlur(alpha, (0, 0), float(rng.uniform(0.5, 3)))
    return encoded(np.dstack([scene.pixels, soft]))


def ordered(pixels: Pixels) -> Pixels:
    """Eight levels a channel, mixed by a 4×4 Bayer pattern in linear steps of code values."""
    bayer = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]) / 16
    height, width = pixels.shape[:2]
    threshold = np.tile(bayer, (height // 4 + 1, width // 4 + 1))[:height, :width, None]
    step = 255 / 15
    return np.clip(np.floor(pixels / step + threshold) * step, 0, 255).astype(np.uint8)


def with_gradient(rng: np.random.Generator, scene: Scene, rgb: Floats) -> Pixels:
    """Around the surface, a gradient between two colours through the brand's own."""
    height, width = scene.pixels.shape[:2]
    reach = rng.uniform(20, 80, 3) * rng.choice([-1, 1], 3)
    along = np.linspace(-1, 1, width if rng.random() < 0.5 else height)
    along = along[None, :, None] if len(along) == width else along[:, None, None]
    ground = np.broadcast_to(np.clip(rgb + along * reach, 0, 255), (height, width, 3))
    return np.where(scene.inside[..., None], scene.pixels, np.round(ground)).astype(np.uint8)


def draw(rng: np.random.Generator, paint: Floats, surface: str, least: float, *, is_even: bool = False) -> Scene:
    """A surface of 4 to 20 % of a photograph in a paint, under light from `least` to at most 1."""
    known = photographs(is_quick=True)
    picture = known[rng.integers(len(known))][1].copy()
    height, width = picture.shape[:2]
    inside = outline(rng, height, width)
    rows, columns = np.nonzero(inside)
    top, left, rows_of, columns_of = rows.min(), columns.min(), np.ptp(rows) + 1, np.ptp(columns) + 1
    light = light_over(rng, rows_of, columns_of, surface, least, is_even=is_even)
    shown = np.round(linear_to_srgb(srgb_to_linear(paint / 255) * light[..., None]) * 255)
    place = slice(top, top + rows_of), slice(left, left + columns_of)
    picture[place] = np.where(inside[place][..., None], np.clip(shown, 0, 255), picture[place])
    return Scene(picture, inside, f"{left},{top} {columns_of}x{rows_of}")


def outline(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    """A rectangle or an ellipse."""
    area, aspect = rng.uniform(0.04, 0.2) * height * width, np.exp(rng.uniform(-0.7, 0.7))
    rows, columns = (max(24, round(np.sqrt(area * factor))) for factor in (1 / aspect, aspect))
    rows, columns = min(rows, height - 2), min(columns, width - 2)
    top, left = rng.integers(0, height - rows), rng.integers(0, width - columns)
    inside = np.zeros((height, width), np.bool_)
    y, x = np.mgrid[-1 : 1 : rows * 1j, -1 : 1 : columns * 1j]
    inside[top : top + rows, left : left + columns] = (x**2 + y**2 <= 1) if rng.random() < 0.4 else True
    return inside


def light_over(
    rng: np.random.Generator, rows: int, columns: int, surface: str, least: float, *, is_even: bool
) -> Floats:
    """Light on a surface, rows×columns, in [least, 1]."""
    low = rng.uniform(least, max(least, 0.75))
    high = rng.uniform(min(1.0, low + 0.2), 1)
    if is_even or least == 1.0:
        low = high = rng.uniform(least, 1)
    across = np.linspace(0, 1, columns)[None, :] + np.zeros((rows, 1))
    if rng.random() < 0.5:
        across = np.linspace(0, 1, rows)[:, None] + np.zeros((1, columns))
    profile = across if surface != "curved" else np.sin(np.pi * np.clip(across * 0.85 + 0.1, 0, 1))
    light = low + (high - low) * profile
    if surface == "textured":
        grain = cv2.GaussianBlur(rng.normal(size=(rows, columns)), (0, 0), float(rng.uniform(0.6, 2.5)))
        light = light * (1 + rng.uniform(0.02, 0.06) * grain / grain.std())
    return np.clip(light, least, 1.0)


def within_reach(least: float) -> Floats:
    """Brand colours with a hue, whose XYZ at the least light all lie on the cube root."""
    colors = brand_colors()
    lab = lab_of(colors)
    relative = srgb_to_linear(colors / 255) @ SRGB_TO_XYZ.T / WHITE
    is_reached = (relative.min(axis=1) * least > EPSILON) & (np.hypot(lab[:, 1], lab[:, 2]) >= LEAST_CHROMA)
    return colors[is_reached]


def darker_paint(rng: np.random.Generator, rgb: Floats) -> Floats:
    """The paint that looks like this one under 0.5 to 0.75 of the light: wrong by lightness alone."""
    darker = linear_to_srgb(srgb_to_linear(rgb / 255) * rng.uniform(0.5, 0.75)) * 255
    return np.round(darker)


def plain_distance(source: bytes, scene: Scene, rgb: Floats) -> float:
    """The median ΔE00 of the true region."""
    return float(np.median(delta_e00(lab_of(load_image(source).pixels[scene.inside][::7]), lab_of(rgb))))


def indistinguishable() -> dict[str, object]:
    """How many pairs of brand colours shaded mode cannot tell apart: within ΔE00 2 once the shade is taken away."""
    lab = lab_of(within_reach(1.0))
    alike = different = 0
    touched = np.zeros(len(lab), np.bool_)
    for index, reference in enumerate(lab):
        is_darker = lab[:, 0] < reference[0]
        relit = delta_e00(without_shading(lab, reference), reference)
        plain = delta_e00(lab, reference)
        is_alike = is_darker & (relit <= 2) & (plain > 2)
        alike += int(is_alike.sum())
        different += int((is_darker & (plain > 2)).sum())
        touched[index] |= bool(is_alike.any())
        touched |= is_alike
    return {"pairs": rate(alike, different), "colors_in_such_a_pair": rate(int(touched.sum()), len(lab))}
