"""How near the contrast of drawn text is measured to what was drawn, and how often the decision is right.

Each scene is one line of text of a drawn colour on a flat ground, a gradient or a blurred part of a photograph, as PNG
or JPEG 60, 80 or 95, read by the kit's reader. The truth is the contrast ratio of the drawn colours: on a ground
that varies, at the 2nd and 98th percentile of its luminance one stroke wide around the drawn letters, the
lower of the two. A decision counts only where the truth is more than a tenth away from the limit. Typefaces are
Pillow's own and, where there is one, DejaVu Sans; the result says which.
"""

from __future__ import annotations

import io
from collections import defaultdict
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont
from rates import rate

from color_scenes.pictures import photographs
from qa.asset import Asset
from qa.checks.contrast import ContrastCheck
from qa.color.contrast import contrast_ratio, relative_luminance
from qa.engines import Engines
from qa.evidence import Evidence
from qa.kit.kit import BrandKit
from qa.verdict import Finding

TEXTS = ("Only this week", "SUMMER SALE", "Free delivery", "Made by hand", "New arrivals")
SIZES = (14, 18, 24, 32, 48, 72)
GROUNDS = ("flat", "gradient", "photograph")
FILES = ("PNG", "JPEG 95", "JPEG 80", "JPEG 60")
LIMITS = (3.0, 4.5)
BAND = 0.1
HEIGHT, WIDTH = 260, 900


@dataclass(frozen=True, eq=False)
class Scene:
    """A drawn line: the file, what it says, how it was drawn, and its true contrast."""

    data: bytes
    text: str
    size: int
    ground: str
    file: str
    ratio: float


def measure(quick: bool) -> dict[str, object]:
    """Return errors by kind of scene, and wrong decisions at each limit."""
    scenes = [scene(seed) for seed in range(12 if quick else 240)]
    found = [(one, judged(one)) for one in scenes]
    read = [(one, finding) for one, finding in found if finding.value is not None]
    return {
        "typefaces": [name for name, _ in faces()],
        "measured": rate(len(read), len(found)),
        "relative_error": {"all": spread(read), **by(read, "ground"), **by(read, "file"), **by(read, "size")},
        "decisions": {f"limit {limit:g}": decisions(read, limit) for limit in LIMITS},
    }


def by(read: list[tuple[Scene, Finding]], kind: str) -> dict[str, object]:
    """Return the errors of each kind of scene."""
    groups = defaultdict(list)
    for one, finding in read:
        groups[f"{kind} {getattr(one, kind)}"].append((one, finding))
    return {name: spread(groups[name]) for name in sorted(groups)}


def spread(read: list[tuple[Scene, Finding]]) -> dict[str, float]:
    """Return the median and the 5th and 95th percentile of the relative error."""
    errors = [finding.value / one.ratio - 1 for one, finding in read]
    low, middle, high = np.percentile(errors, (5, 50, 95)) if errors else (0.0, 0.0, 0.0)
    return {"of": len(errors), "median": round(middle, 3), "p5": round(low, 3), "p95": round(high, 3)}


def decisions(read: list[tuple[Scene, Finding]], limit: float) -> dict[str, object]:
    """Return how often text below a limit passes, and text above it fails, outside the band."""
    below = [finding.value >= limit for one, finding in read if one.ratio < limit * (1 - BAND)]
    above = [finding.value < limit for one, finding in read if one.ratio > limit * (1 + BAND)]
    return {"too_low_but_passes": rate(sum(below), len(below)), "enough_but_fails": rate(sum(above), len(above))}


def judged(one: Scene) -> Finding:
    """Return the finding of the check, boxes from the reader."""
    kit = BrandKit.from_text(f'kit: 1\ntext: {{required: [{{id: line, value: "{one.text}"}}]}}\n')
    asset = Asset.read(one.data)
    check = ContrastCheck.from_kit(kit)
    if check is None:
        raise RuntimeError("a kit with required text has a contrast check")
    (finding,) = check.judge(asset, Evidence(asset, ENGINES))
    return finding


ENGINES = Engines(BrandKit.from_text("kit: 1\n").models, threads=1)


def faces() -> list[tuple[str, object]]:
    """Return name and opener of each typeface there is."""
    known = [("Pillow", ImageFont.load_default)]
    try:
        ImageFont.truetype("DejaVuSans.ttf", 20)
    except OSError:
        return known
    return [*known, ("DejaVu Sans", lambda size: ImageFont.truetype("DejaVuSans.ttf", size))]


def scene(seed: int) -> Scene:
    """Draw one line of text."""
    random = np.random.default_rng((seed, 5))
    size, ground = int(random.choice(SIZES)), GROUNDS[seed % 3]
    file, text = FILES[seed // 3 % 4], str(random.choice(TEXTS))
    letters = letters_of(text, size, faces()[int(random.integers(len(faces())))][1])
    back = background(ground, random)
    rings = ring_of(letters)
    color = color_at(float(random.uniform(2, 8)), back[rings], random)
    share = letters[..., None]
    pixels = np.clip(np.round(share * color + (1 - share) * back), 0, 255).astype(np.uint8)
    return Scene(saved(pixels, file), text, size, ground, file, worst_ratio(color, back[rings]))


def letters_of(text: str, size: int, opener: object) -> np.ndarray:
    """Return H×W coverage in [0, 1] of a line near the left edge."""
    sheet = Pillow.new("L", (WIDTH, HEIGHT), 0)
    ImageDraw.Draw(sheet).text((40, 90), text, fill=255, font=opener(size))
    return np.asarray(sheet, np.float64) / 255


def ring_of(letters: np.ndarray) -> np.ndarray:
    """Return the pixels next to the letters, as far as a stroke is wide."""
    inked = (letters > 0).astype(np.uint8)
    depth = cv2.distanceTransform((letters > 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    reach = max(2, round(4 * float(depth[letters > 0.5].mean())))
    near = cv2.dilate(inked, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1,) * 2))
    return (near > 0) & (letters == 0)


def background(kind: str, random: np.random.Generator) -> np.ndarray:
    """Return an H×W×3 ground."""
    first, second = random.integers(0, 256, (2, 3)).astype(np.float64)
    if kind == "flat":
        return np.tile(first, (HEIGHT, WIDTH, 1))
    if kind == "gradient":
        share = np.linspace(0, 1, WIDTH)[None, :, None]
        return np.tile(first + 0.5 * share * (second - first), (HEIGHT, 1, 1))
    chosen = photographs(is_quick=True)
    photo = chosen[int(random.integers(len(chosen)))][1]
    big = cv2.resize(photo, (WIDTH, max(HEIGHT, photo.shape[0] * WIDTH // photo.shape[1])))
    top = int(random.integers(0, big.shape[0] - HEIGHT + 1))
    return cv2.GaussianBlur(big[top : top + HEIGHT], (0, 0), 4).astype(np.float64)


def color_at(ratio: float, ring: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return the colour of a random hue whose worst contrast is nearest to a ratio; black to hue to white."""
    hue = random.integers(0, 256, 3).astype(np.float64)
    steps = np.linspace(0, 1, 40)[:, None]
    ramp = np.round(np.concatenate([steps * hue, hue + steps * (255 - hue)]))
    return ramp[int(np.argmin([abs(worst_ratio(color, ring) - ratio) for color in ramp]))]


def worst_ratio(color: np.ndarray, ring: np.ndarray) -> float:
    """Return the lower contrast of a colour against the dark and the light end of a ground."""
    luminance = relative_luminance(ring)
    order = np.argsort(luminance)
    ends = [ring[order[round(share * (len(order) - 1))]] for share in (0.02, 0.98)]
    own, low, high = float(relative_luminance(color)), *(float(relative_luminance(end)) for end in ends)
    if low < own < high:
        around = (np.maximum(luminance, own) + 0.05) / (np.minimum(luminance, own) + 0.05)
        return float(np.percentile(around, 2))
    return min(contrast_ratio(color, end) for end in ends)


def saved(pixels: np.ndarray, file: str) -> bytes:
    """Return a file: "PNG", or "JPEG" and its quality."""
    form, _, quality = file.partition(" ")
    buffer = io.BytesIO()
    Pillow.fromarray(pixels).save(buffer, form, **({"quality": int(quality)} if quality else {}))
    return buffer.getvalue()
