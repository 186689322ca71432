"""Inks and words that are off by a known amount: a colour by ΔE00, an ink by contrast, a word by letters."""

from __future__ import annotations

import numpy as np
from rapidfuzz.distance import Levenshtein

from consistency.colorspace import Floats, lab_to_srgb, srgb_to_linear, to_lab
from qa.color.difference import delta_e00
from qa.demo.drawing import Color
from qa.demo.files import to_p3

LETTERS = "AEKMRSTXZ"
"""Capitals that no reader and no person takes for one another."""

LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
"""WCAG 2.2, relative luminance of linear sRGB."""


def difference(first: Color, second: Color) -> float:
    """Return ΔE00 between two colours."""
    return float(delta_e00(lab_of(first), lab_of(second)))


def drifted(color: Color, delta_e: float, rng: np.random.Generator) -> Color:
    """Return a colour of whole sRGB numbers about `delta_e` ΔE00 from `color`, in a random direction of L*a*b*."""
    found = moved(color, delta_e, directions_of(rng, 60, 0.6))
    shown = found[(found.min(axis=1) >= 0) & (found.max(axis=1) <= 255)]
    if not len(shown):
        raise ValueError(f"no sRGB colour lies {delta_e} from {color}")
    return as_color(np.round(shown[0]))


def moved(color: Color, delta_e: float, directions: Floats) -> Floats:
    """Return the colours `delta_e` ΔE00 from `color` along directions n×3 of L*a*b*; they may leave sRGB."""
    start = lab_of(color)
    near, far = np.zeros(len(directions)), np.full(len(directions), 100.0)
    for _ in range(40):
        middle = (near + far) / 2
        is_short = delta_e00(start, start + middle[:, None] * directions) < delta_e
        near, far = np.where(is_short, middle, near), np.where(is_short, far, middle)
    return np.asarray(lab_to_srgb(start + near[:, None] * directions) * 255)


def directions_of(rng: np.random.Generator, count: int, lightness: float) -> Floats:
    """Return random directions of L*a*b*, count×3 of length 1, `lightness` saying how much they run along L*."""
    drawn = rng.normal(size=(count, 3)) * (lightness, 1.0, 1.0)
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True))


def beyond_srgb(color: Color, delta_e: float) -> Color:
    """Return a Display-P3 colour `delta_e` ΔE00 from `color`: of 400 directions the one that sRGB hides best.

    Cut off to sRGB it looks nearer to `color` than it is.
    """
    found = moved(color, delta_e, directions_of(np.random.default_rng(0), 400, 1.0))
    wide = to_p3(found / 255)
    inside = found[(wide.min(axis=1) >= 0) & (wide.max(axis=1) <= 1)]
    seen = delta_e00(lab_of(color), to_lab(np.clip(inside / 255, 0, 1)))
    return as_color(inside[int(np.argmin(seen))])


def cut_off(color: Color) -> Color:
    """Return the nearest numbers that sRGB has."""
    return as_color(np.clip(color, 0, 255))


def as_color(numbers: Floats) -> Color:
    """Return three numbers as a colour."""
    red, green, blue = (float(number) for number in numbers)
    return red, green, blue


def ink_of_contrast(ground: Color, ratio: float) -> Color:
    """Return the tint of `ground` towards white that has contrast `ratio` (WCAG) to it, or white where none has."""
    near, far = 0.0, 1.0
    for _ in range(30):
        middle = (near + far) / 2
        near, far = (middle, far) if contrast(tint(ground, middle), ground) < ratio else (near, middle)
    return tint(ground, far)


def contrast(ink: Color, ground: Color) -> float:
    """Return the contrast ratio of two colours (WCAG 2.2)."""
    light, dark = sorted((luminance(ink), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(color: Color) -> float:
    """Return the relative luminance of a colour, 0…1."""
    return float(srgb_to_linear(np.asarray(color) / 255) @ LUMINANCE)


def tint(color: Color, white: float) -> Color:
    """Return a colour mixed with the fraction `white` of white."""
    red, green, blue = (channel + white * (255 - channel) for channel in color)
    return red, green, blue


def misspelt(text: str, edits: int, rng: np.random.Generator) -> str:
    """Return `text` with exactly `edits` letters changed, lost or doubled (Levenshtein distance)."""
    while True:
        wrong = text
        for _ in range(edits):
            wrong = with_one_edit(wrong, rng)
        if Levenshtein.distance(wrong, text) == edits:
            return wrong


def with_one_edit(text: str, rng: np.random.Generator) -> str:
    """Return `text` with one letter replaced, lost or put in twice."""
    places = [index for index, sign in enumerate(text) if sign.isalpha()]
    place = places[int(rng.integers(len(places)))]
    letter = LETTERS[int(rng.integers(len(LETTERS)))]
    put = ("", letter, letter + text[place])[int(rng.integers(3))]
    return text[:place] + put + text[place + 1 :]


def lab_of(color: Color) -> Floats:
    """Return CIE L*a*b* (D65) of a colour, float64."""
    return to_lab(np.asarray(color, np.float64) / 255).astype(np.float64)
