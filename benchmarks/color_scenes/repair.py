"""Is a wrong brand colour repaired in one go, and nothing else touched? Is an edit that touched more noticed?

Repair: a surface in a paint ΔE00 2.5 to 4.8 off a real brand colour, in its box on a photograph: a flat `panel`, a
`badge`, a panel with `writing` on it, one under uneven light (`shaded`), one with a grain (`textured`), a `logo` on
transparency. The file is PNG, Display-P3 PNG, or JPEG at quality 75 to 95. Counted: what the gate asks to be
recoloured passes every rule after one repair; samples of PNG that changed beyond the paint's own pixels and a rim of
4 pixels. Beside it: how far the repaired picture is from the same scene drawn in the right paint.

Locality: an editor's edit of one part of a photograph that touched nothing else (`clean`), or was only saved again as
JPEG 85 (`saved_again`), both allowed; or one that also blurred another part, shifted all colours by ΔE00 1.5, or
changed 20×20 pixels far away.
"""

from __future__ import annotations

import io
from collections import Counter, defaultdict
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont
from rates import rate

from color_scenes.pictures import (
    Floats,
    any_direction,
    brand_colors,
    encoded,
    engines,
    hue_or_chroma,
    lab_of,
    off_by,
    photographs,
)
from consistency.colorspace import lab_to_srgb, linear_to_srgb, srgb_to_linear, to_lab
from consistency.image import load_image
from consistency.region import Mask
from qa.asset import Asset, Edit
from qa.checks.locality import LocalityCheck, LocalityOptions
from qa.color.difference import delta_e00
from qa.demo.files import p3_profile, to_p3
from qa.evidence import Evidence
from qa.fixes.mask import RIM
from qa.gate import Gate
from qa.kit.kit import BrandKit
from qa.verdict import Decision

SURFACES = ("panel", "badge", "writing", "shaded", "textured", "logo")
FORMS = ("png", "p3", "jpeg")
EDITS = ("clean", "saved_again", "blurred_elsewhere", "shifted", "patch_far_away")
LONGEST = 640
ALLOWED = ("clean", "saved_again")


@dataclass(frozen=True)
class Scene:
    ground: Floats
    cover: Floats
    light: Floats
    over: Floats
    ink: Floats
    alpha: np.ndarray | None
    box: str

    def painted(self, rgb: Floats) -> Floats:
        """H×W×3 encoded sRGB in [0, 1], mixed as design tools mix."""
        paint = linear_to_srgb(srgb_to_linear(rgb / 255) * self.light[..., None])
        canvas = self.ground + self.cover[..., None] * (paint - self.ground)
        return canvas + self.over[..., None] * (self.ink - canvas)


def measure(quick: bool, seed: int = 0) -> dict[str, object]:
    return {
        "repair": repairs(np.random.default_rng([seed, 1]), 1 if quick else 25),
        "locality": edits(np.random.default_rng([seed, 2]), 2 if quick else 24),
    }


def repairs(rng: np.random.Generator, count: int) -> dict[str, object]:
    """`count` scenes of each surface, the forms by turns."""
    tally: Counter[str] = Counter()
    rim: defaultdict[str, list[float]] = defaultdict(list)
    for index in range(count * len(SURFACES)):
        surface, form = SURFACES[index % len(SURFACES)], FORMS[index // len(SURFACES) % len(FORMS)]
        form = "png" if surface == "logo" and form == "jpeg" else form
        repair_one(rng, surface, form, tally, rim)
    tried = {s: tally[f"{s}_to_recolor"] for s in SURFACES}
    return {
        "drawn": count * len(SURFACES),
        "pass_after_one_repair": rate(sum(tally[f"{s}_passed"] for s in SURFACES), sum(tried.values())),
        "by_surface": {s: rate(tally[f"{s}_passed"], tried[s]) for s in SURFACES},
        "by_form": {f: rate(tally[f"{f}_passed"], tally[f"{f}_to_recolor"]) for f in FORMS},
        "png_with_a_sample_changed_beyond_the_rim": rate(tally["touched"], tally["lossless"]),
        "samples_changed_beyond_the_rim": tally["samples"],
        "png_delta_e00_to_the_right_drawing": {s: spread(rim[s]) for s in SURFACES},
    }


def spread(values: list[float]) -> dict[str, float | None]:
    if not values:
        return {"median": None, "p95": None}
    return {"median": round(float(np.median(values)), 2), "p95": round(float(np.percentile(values, 95)), 2)}


def repair_one(
    rng: np.random.Generator, surface: str, form: str, tally: Counter[str], rim: defaultdict[str, list[float]]
) -> None:
    right, wrong = paints(rng, surface)
    scene = draw(rng, surface)
    quality = int(rng.integers(75, 96))
    data = file_of(scene.painted(wrong), scene.alpha, form, quality)
    value = "#" + bytes(int(channel) for channel in right).hex()
    gate = Gate(
        BrandKit.from_text(f'kit: 1\ncolors: {{brand: {{value: "{value}", where: "{scene.box}"}}}}\n'), threads=1
    )
    verdict = gate.judge(data, name="scene")
    if verdict.decision is not Decision.FIX:
        return
    repair = gate.fix(data, verdict)
    for key in (surface, form):
        tally[f"{key}_to_recolor"] += 1
        tally[f"{key}_passed"] += repair.verdict.decision is Decision.ACCEPT
    if form == "jpeg" or not repair.is_changed:
        return
    own = cv2.dilate(((scene.cover > 0) & (scene.over < 1)).astype(np.uint8), np.ones((2 * RIM + 1,) * 2)) > 0
    changed = (samples(data) != samples(repair.data)).any(axis=-1) & ~own
    tally["lossless"] += 1
    tally["touched"] += bool(changed.any())
    tally["samples"] += int(changed.sum())
    wanted = load_image(file_of(scene.painted(right), scene.alpha, form, quality))
    distance = delta_e00(to_lab(repair.image), to_lab(wanted))
    seen = own if scene.alpha is None else own & (scene.alpha > 0)
    rim[surface].append(float(np.percentile(distance[seen], 99)))


def samples(data: bytes) -> np.ndarray:
    """A file's own samples, no profile applied."""
    with Image.open(io.BytesIO(data)) as picture:
        return np.asarray(picture)


def paints(rng: np.random.Generator, surface: str) -> tuple[Floats, Floats]:
    colors = brand_colors()
    while True:
        right = colors[rng.integers(len(colors))]
        varies = surface in ("shaded", "textured")
        direction = hue_or_chroma(rng) if varies else any_direction(rng)
        wrong = off_by(right, rng.uniform(2.5, 4.8), direction)
        if wrong is not None and (not varies or lab_of(right)[0] > 30):
            return right, wrong


def draw(rng: np.random.Generator, surface: str) -> Scene:
    known = photographs(is_quick=True)
    ground = known[rng.integers(len(known))][1][:LONGEST, :LONGEST].astype(np.float64) / 255
    height, width = ground.shape[:2]
    rows, columns = (round(side * rng.uniform(0.25, 0.45)) for side in (height, width))
    top, left = int(rng.integers(8, height - rows - 8)), int(rng.integers(8, width - columns - 8))
    is_round = surface == "badge" or (surface == "logo" and rng.random() < 0.5)
    shape = ellipse(rows, columns) if is_round else rounded(rng, rows, columns)
    cover, light, over = np.zeros((height, width)), np.ones((height, width)), np.zeros((height, width))
    place = slice(top, top + rows), slice(left, left + columns)
    cover[place] = shape
    if surface == "shaded":
        light[place] = np.linspace(1, rng.uniform(0.45, 0.7), columns)[None] * np.linspace(1, 0.93, rows)[:, None]
    if surface == "textured":
        grain = cv2.GaussianBlur(rng.normal(size=(rows, columns)), (0, 0), 1.2)
        light[place] = np.clip(1 + 0.12 * grain / grain.std(), 0.6, 1.4) * 0.85
    if surface in ("writing", "badge"):
        over[place] = writing(rng, rows, columns)
    ink = np.full(3, float(rng.choice([0.05, 1.0])))
    alpha = None
    if surface == "logo":
        alpha = np.rint(cover * 255).astype(np.uint8)
        cover = np.where(cover > 0, 1.0, 0.0)
    return Scene(ground, cover, light, over, ink, alpha, f"{left},{top} {columns}x{rows}")


def supersampled(rows: int, columns: int, inside: np.ndarray) -> Floats:
    return inside.reshape(rows, 4, columns, 4).mean(axis=(1, 3))


def ellipse(rows: int, columns: int) -> Floats:
    y, x = np.mgrid[0 : 4 * rows, 0 : 4 * columns]
    return supersampled(rows, columns, ((y / (2 * rows) - 1) ** 2 + (x / (2 * columns) - 1) ** 2 <= 1).astype(float))


def rounded(rng: np.random.Generator, rows: int, columns: int) -> Floats:
    radius = float(rng.uniform(0, 0.2)) * min(rows, columns) * 4
    y, x = np.mgrid[0 : 4 * rows, 0 : 4 * columns] + 0.5
    down = np.maximum(np.abs(y - 2 * rows) - 2 * rows + radius, 0)
    across = np.maximum(np.abs(x - 2 * columns) - 2 * columns + radius, 0)
    return supersampled(rows, columns, (np.hypot(down, across) <= max(radius, 1)).astype(float))


def writing(rng: np.random.Generator, rows: int, columns: int) -> Floats:
    picture = Image.new("L", (columns, rows), 0)
    size = max(14, round(rows * rng.uniform(0.12, 0.22)))
    words = "".join(rng.choice(list("ABDEGOPQR8"), 7))
    font = ImageFont.load_default(size)
    ImageDraw.Draw(picture).text((columns / 2, rows / 2), words, fill=255, font=font, anchor="mm")
    return np.asarray(picture, np.float64) / 255


def file_of(values: Floats, alpha: np.ndarray | None, form: str, quality: int) -> bytes:
    shown = to_p3(values) if form == "p3" else values
    pixels = np.rint(np.clip(shown, 0, 1) * 255).astype(np.uint8)
    pixels = pixels if alpha is None else np.dstack([pixels, alpha])
    if form == "jpeg":
        return encoded(pixels, "JPEG", quality=quality, subsampling=2 if quality < 90 else 0)
    return encoded(pixels, "PNG", icc_profile=p3_profile() if form == "p3" else None)


def edits(rng: np.random.Generator, count: int) -> dict[str, object]:
    """`count` edits of each kind, saved without loss and as JPEG at quality 90."""
    tally: Counter[str] = Counter()
    check = LocalityCheck(LocalityOptions(), (255, 255, 255))
    known = photographs(is_quick=True)
    for index in range(count):
        before = known[index % len(known)][1][:LONGEST, :LONGEST]
        for kind in EDITS:
            for form in ("PNG", "JPEG"):
                if kind == "saved_again" and form == "PNG":
                    continue
                tally[f"{kind}_{form}_rejected"] += is_rejected(rng, check, before, kind, form)
                tally[f"{kind}_{form}"] += 1
    told = {}
    for kind in EDITS:
        for form in ("PNG", "JPEG"):
            if tally[f"{kind}_{form}"]:
                what = "falsely_rejected" if kind in ALLOWED else "noticed"
                told[f"{kind}_{form}_{what}"] = rate(tally[f"{kind}_{form}_rejected"], tally[f"{kind}_{form}"])
    return told


def is_rejected(rng: np.random.Generator, check: LocalityCheck, before: np.ndarray, kind: str, form: str) -> bool:
    after, mask = edited(rng, before, kind)
    source = before
    if form == "JPEG":
        source = encoded(before, "JPEG", quality=92)
        is_same = (after == before).all(axis=-1) & ~mask
        pixels = np.where(is_same[..., None], load_image(source).pixels, after)
        data = encoded(pixels, "JPEG", quality=85 if kind == "saved_again" else 90)
    else:
        data = encoded(after)
    edit = Edit(load_image(source), Mask.encode(mask), "retouch")
    asset = Asset.read(data, name="edited", edit=edit)
    (finding,) = check.judge(asset, Evidence(asset, engines()))
    return finding.is_blocking


def edited(rng: np.random.Generator, before: np.ndarray, kind: str) -> tuple[np.ndarray, np.ndarray]:
    """A photograph edited in its left third, and what else happened to it."""
    after, mask = before.copy(), np.zeros(before.shape[:2], np.bool_)
    height, width = mask.shape
    mask[height // 4 : height // 2, 10 : width // 3] = True
    after[mask] = np.clip(after[mask].astype(int) + rng.integers(-30, 30, 3), 0, 255)
    top, left = int(rng.integers(0, height - 110)), int(rng.integers(width // 2, width - 110))
    place = slice(top, top + 100), slice(left, left + 100)
    if kind == "blurred_elsewhere":
        after[place] = cv2.GaussianBlur(before, (0, 0), 2)[place]
    elif kind == "shifted":
        lab = to_lab(after).astype(np.float64)
        step = any_direction(rng)
        step *= 1.5 / max(1e-6, float(np.median(delta_e00(lab, lab + step))))
        after = np.where(mask[..., None], after, np.rint(np.clip(lab_to_srgb(lab + step), 0, 1) * 255).astype(np.uint8))
    elif kind == "patch_far_away":
        spot = slice(top, top + 20), slice(left, left + 20)
        after[spot] = 255 - after[spot]
    return after, mask
