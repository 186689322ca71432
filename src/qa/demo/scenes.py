"""Advertisements drawn from a description: a product in a place, a headline, a price badge, a legal line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qa.demo.backdrops import BACKDROPS
from qa.demo.drawing import (
    INK,
    WHITE,
    Color,
    Pixels,
    blend,
    blurred,
    disc,
    fitting_size,
    ramp,
    rounded,
    soften,
    unit,
    words,
)
from qa.demo.impostors import draw_mug, draw_pouch
from qa.demo.product import CREAM, Bottle, draw_bottle

PANEL: Color = (27.0, 75.0, 143.0)
BADGE: Color = (200.0, 16.0, 46.0)
LABEL: Color = (11.0, 122.0, 94.0)
LAYOUTS = ("banner", "plinth", "column")


@dataclass(frozen=True)
class Scene:
    """One advertisement; `draw` turns it into pixels, the same ones every time.

    Args:
        seed: Draws the details of the backdrop.
        width, height: Pixels.
        layout: One of `LAYOUTS`.
        backdrop: One of `BACKDROPS`.
        product: "bottle", "mug" or "pouch".
        scale: Product's height as a fraction of the room the layout leaves it.
        turn, shade, lit_side: As in `Bottle`.
        panel, badge, label: The three brand colours as painted.
        headline, price, legal, claim: Words; "" leaves one out.
        headline_ink: Colour of the headline.
        glare: Share of the picture that is burnt out around the product's neck.
        softness: Standard deviation in pixels of a blur over the photographed part.
    """

    seed: int = 0
    width: int = 1024
    height: int = 1024
    layout: str = "banner"
    backdrop: str = "studio"
    product: str = "bottle"
    scale: float = 0.95
    turn: float = 0.0
    shade: float = 0.0
    lit_side: int = -1
    panel: Color = PANEL
    badge: Color = BADGE
    label: Color = LABEL
    headline: str = "WAKE UP SLOW"
    price: str = "$4.90"
    legal: str = "Contains caffeine. Please recycle."
    claim: str = ""
    headline_ink: Color = WHITE
    glare: float = 0.0
    softness: float = 0.0


@dataclass(frozen=True)
class Plan:
    """Where a layout puts things, all fractions of width or height.

    Args:
        panel: Left, top, right, bottom of the panel.
        room: Left, top, right, bottom of what is left for the product.
        badge: Middle of the badge, across and down.
    """

    panel: tuple[float, float, float, float]
    room: tuple[float, float, float, float]
    badge: tuple[float, float]


PLANS: dict[str, Plan] = {
    "banner": Plan((0, 0, 1, 0.19), (0.0, 0.21, 1, 0.91), (0.80, 0.36)),
    "plinth": Plan((0, 0.74, 1, 0.935), (0.0, 0.03, 1, 0.72), (0.18, 0.20)),
    "column": Plan((0, 0, 0.44, 0.935), (0.44, 0.08, 1, 0.90), (0.22, 0.62)),
}
FOOTER = 0.935


def draw(scene: Scene) -> Pixels:
    """Return the advertisement, H×W×3 float32 sRGB in [0, 1]."""
    rng = np.random.default_rng([scene.seed, 71])
    plan = PLANS[scene.layout]
    floor = round(plan.room[3] * scene.height)
    horizon = round((plan.room[3] - 0.17) * scene.height)
    canvas = BACKDROPS[scene.backdrop](rng, scene.height, scene.width, horizon)
    place_product(canvas, scene, plan, floor)
    if scene.softness:
        canvas = blurred(canvas, scene.softness)
    canvas += rng.normal(0, 1.0 / 255, canvas.shape[:2]).astype(np.float32)[..., None]
    canvas = np.ascontiguousarray(np.clip(canvas, 0, 1), np.float32)
    place_words(canvas, scene, plan)
    return canvas


def product_of(scene: Scene, height: int) -> tuple[Pixels, Pixels]:
    """Return the colours and cover of the scene's product, for room `height` pixels high."""
    if scene.product == "mug":
        return draw_mug(round(0.55 * height), scene.label)
    if scene.product == "pouch":
        return draw_pouch(round(0.86 * height), scene.label)
    return draw_bottle(Bottle(height, scene.turn, scene.shade, scene.lit_side, scene.label))


def place_product(canvas: Pixels, scene: Scene, plan: Plan, floor: int) -> None:
    """Stand the product on the floor with a contact shadow and one cast away from the light, in place."""
    left, top, right, bottom = plan.room
    colors, cover = product_of(scene, round(scene.scale * (bottom - top) * scene.height))
    height, width = cover.shape
    corner = round((left + right) / 2 * scene.width) - width // 2
    foot = np.zeros((round(0.34 * width), 5 * width), np.float32)
    y, x = np.mgrid[-1 : 1 : foot.shape[0] * 1j, -5 : 5 : foot.shape[1] * 1j].astype(np.float32)
    cast = np.clip(1.2 - np.hypot((x + 0.9 * scene.lit_side) / 2.0, y / 0.6), 0, 1) * 0.55
    contact = np.clip(1.6 - np.hypot(x / 1.02, (y + 0.05) / 0.30), 0, 1) * 0.75
    shadow = soften(np.maximum(cast, contact), max(3.0, width / 26))
    blend(canvas, unit((18, 14, 12)), shadow, corner - 2 * width, floor - round(0.57 * foot.shape[0]))
    blend(canvas, colors, cover, corner, floor - height)
    if scene.glare:
        burn_out(canvas, corner + width // 2, floor - round(0.8 * height), scene.glare)


def burn_out(canvas: Pixels, across: int, down: int, share: float) -> None:
    """Let a light bloom around a place, in place: a disc of pure white over `share` of the picture that fades out."""
    height, width = canvas.shape[:2]
    radius = np.sqrt(share * height * width / np.pi)
    y, x = np.arange(height, dtype=np.float32)[:, None] - down, np.arange(width, dtype=np.float32)[None, :] - across
    blend(canvas, unit(WHITE), ramp(-np.hypot(x, y), -2.0 * radius, -radius), 0, 0)


def place_words(canvas: Pixels, scene: Scene, plan: Plan) -> None:
    """Lay panel, headline, badge, price, legal line and claim over the picture, in place."""
    height, width = canvas.shape[:2]
    left, top, right, bottom = (round(part * side) for part, side in zip(plan.panel, (width, height) * 2, strict=True))
    fill(canvas, scene.panel, left, top, right, bottom)
    middle = (left + right) // 2, (top + bottom) // 2 if scene.layout != "column" else round(0.26 * height)
    write(canvas, scene.headline, middle, (right - left) * 0.84, round(0.088 * height), scene.headline_ink, 2)
    put_badge(canvas, scene, plan)
    fill(canvas, CREAM, 0, round(FOOTER * height), width, height)
    write(canvas, scene.legal, (width // 2, round((1 + FOOTER) / 2 * height)), width * 0.9, round(0.027 * height), INK)
    if scene.claim:
        put_claim(canvas, scene, plan)


def put_badge(canvas: Pixels, scene: Scene, plan: Plan) -> None:
    """Lay the round badge with the price on the picture, in place."""
    height, width = canvas.shape[:2]
    size = round(0.21 * min(width, height))
    across, down = round(plan.badge[0] * width), round(plan.badge[1] * height)
    blend(canvas, unit(scene.badge), disc(size), across - size // 2, down - size // 2)
    write(canvas, scene.price, (across, down), 0.72 * size, round(0.36 * size), WHITE, 1)


def put_claim(canvas: Pixels, scene: Scene, plan: Plan) -> None:
    """Stick a paper strip with the claim on the picture, in place."""
    height, width = canvas.shape[:2]
    size = round(0.034 * height)
    cover = words(scene.claim, size, 1)
    across = round((plan.room[0] + plan.room[2]) / 2 * width)
    down = round(plan.room[1] * height) + size
    paper = rounded(2 * size, cover.shape[1] + 2 * size, 6)
    blend(canvas, unit(CREAM), paper, across - paper.shape[1] // 2, down - size)
    write(canvas, scene.claim, (across, down), cover.shape[1] + 4, size, INK, 1)


def fill(canvas: Pixels, color: Color, left: int, top: int, right: int, bottom: int) -> None:
    """Paint a rectangle in place."""
    canvas[top:bottom, left:right] = unit(color)


def write(
    canvas: Pixels, text: str, middle: tuple[int, int], width: float, size: int, ink: Color, weight: int = 0
) -> None:
    """Write one line in place, centred on `middle` (across, down), no wider than `width` and no larger than `size`."""
    if not text:
        return
    fitting = fitting_size(text, int(width), size, weight)
    cover = words(text, fitting, min(weight, fitting // 28))
    blend(canvas, unit(ink), cover, middle[0] - cover.shape[1] // 2, middle[1] - cover.shape[0] // 2)
