"""Faults planted by construction, each with a size, so that what the gate should say is known beforehand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from qa.demo.brand import (
    ACCEPT_DELTA_E,
    ASPECT_TOLERANCE,
    ASPECTS,
    CLAIMS,
    COLORS,
    CONTRAST_RATIO,
    FIX_DELTA_E,
    MAX_CLIPPED,
    MIN_SHORT_SIDE,
    PARTS,
)
from qa.demo.files import FileForm, from_p3
from qa.demo.inks import beyond_srgb, difference, drifted, ink_of_contrast, misspelt
from qa.demo.scenes import Scene
from qa.verdict import Decision


@dataclass(frozen=True)
class Reason:
    """A rule that should not be met, and the reason code it should give."""

    rule: str
    code: str


@dataclass(frozen=True)
class Planted:
    """One planted thing.

    Args:
        fault: Name in `FAULTS`.
        size: In the rule's own unit.
        excess: Distance from the limit: below 1 the rule is still met, 2 is twice as far as allowed.
        decision: What it alone should lead to.
        reasons: Findings it should cause, warnings included.
    """

    fault: str
    size: float
    excess: float
    decision: Decision
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Artwork:
    """An asset before it is drawn: the scene, the file it goes into, what was planted."""

    scene: Scene
    form: FileForm = field(default_factory=FileForm)
    planted: tuple[Planted, ...] = ()

    @property
    def decision(self) -> Decision:
        """What the gate should decide: the hardest of what was planted."""
        said = {plant.decision for plant in self.planted}
        return next((hard for hard in (Decision.REJECT, Decision.FIX) if hard in said), Decision.ACCEPT)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Everything the gate should say against it."""
        return tuple(reason for plant in self.planted for reason in plant.reasons)

    def with_plant(self, plant: Planted) -> Artwork:
        """Return the same artwork with one more planted thing on record."""
        return replace(self, planted=(*self.planted, plant))


Fault = Callable[[Artwork, float, np.random.Generator], Artwork]


def color_off(name: str) -> Fault:
    """Return the fault that paints brand colour `name` off by `size` ΔE00."""

    def plant(art: Artwork, size: float, rng: np.random.Generator) -> Artwork:
        painted = drifted(COLORS[name], size, rng)
        actual = difference(COLORS[name], painted)
        change: dict[str, Any] = {PARTS[name]: painted}
        scene = replace(art.scene, **change)
        return replace(art, scene=scene).with_plant(color_plant(name, name, actual))

    return plant


def color_plant(fault: str, name: str, actual: float) -> Planted:
    """Return the record of a colour that is off by `actual` ΔE00."""
    reasons = (Reason(f"color.{name}", "color.out_of_tolerance"),) if actual > ACCEPT_DELTA_E else ()
    decision = Decision.ACCEPT if not reasons else Decision.FIX if actual <= FIX_DELTA_E else Decision.REJECT
    return Planted(fault, actual, actual / ACCEPT_DELTA_E, decision, reasons)


def in_shade(art: Artwork, size: float, _rng: np.random.Generator) -> Artwork:
    """Let the label lose the fraction `size` of the light towards its far side; the colour stays right."""
    scene = replace(art.scene, shade=size)
    return replace(art, scene=scene).with_plant(Planted("in_shade", size, 0.0, Decision.ACCEPT))


def p3_right(art: Artwork, _size: float, _rng: np.random.Generator) -> Artwork:
    """Write the picture as Display-P3, numbers converted and tagged."""
    form = replace(art.form, profile="p3")
    return replace(art, form=form).with_plant(Planted("p3_right", 0.0, 0.0, Decision.ACCEPT))


def p3_mislabelled(art: Artwork, _size: float, _rng: np.random.Generator) -> Artwork:
    """Tag sRGB numbers as Display-P3: every saturated colour is off by as much as the two spaces differ."""
    art = replace(art, form=replace(art.form, profile="p3_mislabelled"))
    for name, color in COLORS.items():
        red, green, blue = (float(channel) * 255 for channel in from_p3(np.asarray(color) / 255))
        art = art.with_plant(color_plant("p3_mislabelled", name, difference(color, (red, green, blue))))
    return art


def p3_too_wide(art: Artwork, size: float, _rng: np.random.Generator) -> Artwork:
    """Paint the badge `size` ΔE00 off, in a Display-P3 colour that looks nearer where it is cut off to sRGB."""
    painted = beyond_srgb(COLORS["marlow_red"], size)
    art = replace(art, scene=replace(art.scene, badge=painted), form=replace(art.form, profile="p3"))
    return art.with_plant(color_plant("p3_too_wide", "marlow_red", size))


def headline_typo(art: Artwork, size: float, rng: np.random.Generator) -> Artwork:
    """Change `size` letters of the headline."""
    wrong = misspelt(art.scene.headline, round(size), rng)
    plant = Planted("headline_typo", size, 2 * size, Decision.FIX, (Reason("text.headline", "text.mismatch"),))
    return replace(art, scene=replace(art.scene, headline=wrong)).with_plant(plant)


def price_digit(art: Artwork, _size: float, rng: np.random.Generator) -> Artwork:
    """Lose one digit of the price."""
    digits = [index for index, sign in enumerate(art.scene.price) if sign.isdigit()]
    lost = digits[int(rng.integers(len(digits)))]
    wrong = art.scene.price[:lost] + art.scene.price[lost + 1 :]
    plant = Planted("price_digit", 1, 2, Decision.FIX, (Reason("text.price", "text.mismatch"),))
    return replace(art, scene=replace(art.scene, price=wrong)).with_plant(plant)


def text_missing(which: str) -> Fault:
    """Return the fault that leaves a required text out."""

    def plant(art: Artwork, _size: float, _rng: np.random.Generator) -> Artwork:
        change: dict[str, Any] = {which: ""}
        scene = replace(art.scene, **change)
        reason = Reason(f"text.{which}", "text.missing")
        return replace(art, scene=scene).with_plant(Planted(f"{which}_missing", 1, 2, Decision.REJECT, (reason,)))

    return plant


def forbidden_claim(art: Artwork, _size: float, rng: np.random.Generator) -> Artwork:
    """Stick a claim on the picture that the kit forbids."""
    order = int(rng.integers(len(CLAIMS)))
    claim = CLAIMS[order]
    plant = Planted("forbidden_claim", 1, 2, Decision.FIX, (Reason(f"text.forbidden.{order + 1}", "text.forbidden"),))
    return replace(art, scene=replace(art.scene, claim=claim)).with_plant(plant)


def wrong_product(art: Artwork, _size: float, rng: np.random.Generator) -> Artwork:
    """Show another product in the brand's colour."""
    product = ("mug", "pouch")[int(rng.integers(2))]
    reason = Reason("identity.bottle.subject", "identity.below_threshold")
    plant = Planted("wrong_product", 1, 2, Decision.REJECT, (reason,))
    return replace(art, scene=replace(art.scene, product=product)).with_plant(plant)


def headline_contrast(art: Artwork, size: float, _rng: np.random.Generator) -> Artwork:
    """Write the headline in an ink of contrast `size` to the panel."""
    scene = replace(art.scene, headline_ink=ink_of_contrast(art.scene.panel, size))
    reasons = (Reason("contrast.headline", "contrast.too_low"),) if size < CONTRAST_RATIO else ()
    decision = Decision.FIX if reasons else Decision.ACCEPT
    plant = Planted("headline_contrast", size, CONTRAST_RATIO / size, decision, reasons)
    return replace(art, scene=scene).with_plant(plant)


def blur(art: Artwork, size: float, _rng: np.random.Generator) -> Artwork:
    """Blur the photographed part by `size` pixels; the words stay sharp."""
    plant = Planted("blur", size, 2, Decision.ACCEPT, (Reason("sharpness", "sharpness.blurred"),))
    return replace(art, scene=replace(art.scene, softness=size)).with_plant(plant)


def glare(art: Artwork, size: float, _rng: np.random.Generator) -> Artwork:
    """Burn out the fraction `size` of the picture around the product's neck."""
    reasons = (Reason("exposure", "exposure.highlights_clipped"),) if size > MAX_CLIPPED else ()
    plant = Planted("glare", size, size / MAX_CLIPPED, Decision.ACCEPT, reasons)
    return replace(art, scene=replace(art.scene, glare=size)).with_plant(plant)


def aspect_off(art: Artwork, size: float, _rng: np.random.Generator) -> Artwork:
    """Widen the picture until it is `size` (a fraction) off the kit's widest aspect."""
    height = art.scene.height
    width = round(height * max(ASPECTS.values()) * (1 + size))
    actual = round(1 - max(ASPECTS.values()) * height / width, 4)
    reasons = (Reason("layout.aspect", "layout.aspect"),) if actual > ASPECT_TOLERANCE else ()
    decision = Decision.FIX if reasons else Decision.ACCEPT
    plant = Planted("aspect_off", actual, actual / ASPECT_TOLERANCE, decision, reasons)
    return replace(art, scene=replace(art.scene, width=width)).with_plant(plant)


def too_small(art: Artwork, size: float, _rng: np.random.Generator) -> Artwork:
    """Draw the picture with a short side of `size` pixels."""
    zoom = size / min(art.scene.width, art.scene.height)
    scene = replace(art.scene, width=round(art.scene.width * zoom), height=round(art.scene.height * zoom))
    reasons = (Reason("layout.size", "layout.too_small"),) if size < MIN_SHORT_SIDE else ()
    decision = Decision.REJECT if reasons else Decision.ACCEPT
    return replace(art, scene=scene).with_plant(Planted("too_small", size, MIN_SHORT_SIDE / size, decision, reasons))


def truncated(art: Artwork, size: float, _rng: np.random.Generator) -> Artwork:
    """Keep only the fraction `size` of the file's bytes."""
    plant = Planted("truncated", size, 2, Decision.REJECT, (Reason("image.unreadable", "image.unreadable"),))
    return replace(art, form=replace(art.form, kept_fraction=size)).with_plant(plant)


FAULTS: Mapping[str, Fault] = {
    **{name: color_off(name) for name in COLORS},
    "in_shade": in_shade,
    "p3_right": p3_right,
    "p3_mislabelled": p3_mislabelled,
    "p3_too_wide": p3_too_wide,
    "headline_typo": headline_typo,
    "price_digit": price_digit,
    "headline_missing": text_missing("headline"),
    "price_missing": text_missing("price"),
    "legal_missing": text_missing("legal"),
    "forbidden_claim": forbidden_claim,
    "wrong_product": wrong_product,
    "headline_contrast": headline_contrast,
    "blur": blur,
    "glare": glare,
    "aspect_off": aspect_off,
    "too_small": too_small,
    "truncated": truncated,
}
"""What can be planted; each takes the artwork, a size in its own unit, and a generator."""
