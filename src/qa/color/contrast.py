"""How much text stands out from the background it touches.

Reference: W3C 2023, "Web Content Accessibility Guidelines 2.2", success criterion 1.4.3 and the definitions of
relative luminance and contrast ratio.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from consistency.colorspace import srgb_to_linear
from consistency.errors import NotEvaluable

Pixels = NDArray[np.uint8]
BoolMask = NDArray[np.bool_]
Rgb = tuple[int, int, int]

LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
"""Weights of linear red, green and blue in relative luminance."""

DARKEST, LIGHTEST = 2, 98
"""Percentiles of the ring taken as its ends: a stray pixel of noise is no background."""

MIN_INK, MAX_INK = 0.02, 0.65
"""Shares of a line's box that letters cover; outside it the letters were not told from the background."""

MIN_LENGTH, MIN_HEIGHT = 0.5, 0.3
"""The strokes found must reach over these shares of the line's box, or they are not the letters; around small text
detectors leave a box more than twice as high as its letters."""

CROWDING = 1.2
"""The class of the letters is that much denser inside the line's box than in the margin around it; noise is not."""

THIN = 4.0
"""Strokes narrower than this many pixels have no core: every pixel is mixed with the background."""

PUREST = 96
"""Percentile beyond which the pixels of thin strokes, ordered by distance from the background, show their colour."""


@dataclass(frozen=True)
class TextContrast:
    """How a line of text stands out.

    Attributes:
        ratio: The lower of the two contrast ratios below, in [1, 21].
        text: Median colour of the strokes' core.
        darkest: Colour at the dark end of the background around the strokes.
        lightest: Colour at its light end.
        stroke_width: Width of the strokes in pixels.
        cap_height: Height of the highest letter in pixels.
    """

    ratio: float
    text: Rgb
    darkest: Rgb
    lightest: Rgb
    stroke_width: float
    cap_height: int


EDGE = 1.5
"""Pixels around strokes that antialiasing reaches."""

SMOOTHING = 5
"""Side of the mean over background alone that takes out what JPEG leaves around letters."""


def relative_luminance(srgb: ArrayLike) -> NDArray[np.float64]:
    """Return the relative luminance, in [0, 1], of …×3 sRGB colours in [0, 255]."""
    linear = srgb_to_linear(np.asarray(srgb, np.float64) / 255)
    return np.asarray(linear @ LUMINANCE, np.float64)


def contrast_ratio(first: ArrayLike, second: ArrayLike) -> float:
    """Return the contrast ratio of two sRGB colours in [0, 255].

    Example:
        >>> contrast_ratio((0, 0, 0), (255, 255, 255))
        21.0
    """
    dark, light = sorted((float(relative_luminance(first)), float(relative_luminance(second))))
    return round((light + 0.05) / (dark + 0.05), 6)


def text_contrast(crop: Pixels, margin: int) -> TextContrast:
    """Measure one line of text against the background that its strokes touch.

    The background is a ring one stroke wide around the strokes, the antialiased edge left out, so that what lies
    further away, or a plate behind the line, counts only where the letters touch it.

    Args:
        crop: h×w×3 uint8 sRGB: the line, straightened, with some background around it.
        margin: How many pixels of background there are on each side.

    Raises:
        NotEvaluable: The strokes cannot be told from the background (code "contrast.not_measured").
    """
    axis = main_axis(crop, margin)
    strokes = stroke_mask(axis, margin)
    depth = cv2.distanceTransform(strokes.astype(np.uint8), cv2.DIST_L2, 5)
    # Across a bar of width w the distance to its edge averages w/4.
    width = max(1.0, 4 * float(depth[strokes].mean()) - 1)
    text = _median_colour(crop[core_of(depth, strokes) if width >= THIN else purest_of(axis, strokes)])
    ring = ring_around(strokes, width)
    background = background_of(crop, strokes)[ring]
    darkest, lightest = _ends(background)
    ratio = _lowest_ratio(text, darkest, lightest, background)
    return TextContrast(ratio, text, darkest, lightest, width, cap_height(strokes))


def stroke_mask(axis: NDArray[np.uint8], margin: int) -> BoolMask:
    """Return the pixels of the letters.

    Of two classes by Otsu, the one that the margin around the line has less of; where that does not look like
    letters, the first of three classes that does: text over a background of two colours.

    Args:
        axis: h×w, as `main_axis` gives it.
        margin: Pixels of background on each side.

    Raises:
        NotEvaluable: No class looks like letters.
    """
    inside = _inner(axis.shape, margin)
    found = (_letters(mask, inside) for mask in _classes(axis, inside))
    strokes = next((mask for mask in found if mask is not None), None)
    if strokes is None:
        raise NotEvaluable(
            "contrast.not_measured", "letters that can be told from their background", "a cluttered line"
        )
    return strokes


def _classes(axis: NDArray[np.uint8], inside: BoolMask) -> Iterator[BoolMask]:
    threshold, _ = cv2.threshold(axis, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    is_high = axis > threshold
    yield is_high if is_high[~inside].mean() < 0.5 else ~is_high
    low, high = two_thresholds(axis)
    yield axis < low
    yield axis >= high
    yield (axis >= low) & (axis < high)


def two_thresholds(axis: NDArray[np.uint8]) -> tuple[int, int]:
    """Return where the values in [0, 255] part best into three classes.

    Reference: Otsu 1979, "A threshold selection method from gray-level histograms", section IV,
    doi:10.1109/TSMC.1979.4310076.
    """
    counts = np.bincount(axis.ravel() >> 2, minlength=64).astype(np.float64)
    weight = np.concatenate(([0.0], np.cumsum(counts)))
    moment = np.concatenate(([0.0], np.cumsum(counts * np.arange(64))))
    first, second = np.triu_indices(65, 1)

    def gain(start: Any, end: Any) -> NDArray[np.float64]:
        return np.asarray(
            (moment[end] - moment[start]) ** 2 / np.maximum(weight[end] - weight[start], 1e-9), np.float64
        )

    best = int(np.argmax(gain(0, first) + gain(first, second) + gain(second, 64)))
    return int(first[best]) * 4, int(second[best]) * 4


def _letters(mask: BoolMask, inside: BoolMask) -> BoolMask | None:
    """Return the mask without what is background; None where what is left does not look like letters."""
    if mask[inside].mean() < CROWDING * mask[~inside].mean():
        return None
    strokes = _without_background(mask, inside)
    rows, columns = strokes.any(axis=1), strokes.any(axis=0)
    height, width = inside.any(axis=1).sum(), inside.any(axis=0).sum()
    spans = rows.sum() >= MIN_HEIGHT * height and columns.sum() >= MIN_LENGTH * width
    return strokes if spans and MIN_INK <= strokes[inside].mean() <= MAX_INK else None


def main_axis(crop: Pixels, margin: int) -> NDArray[np.uint8]:
    """Return h×w in [0, 255]: each pixel along the direction in which colours inside the line vary most."""
    height, width = crop.shape[:2]
    inside = _inner((height, width), margin)
    colours = crop.astype(np.float64)
    sample = colours[inside]
    spread = np.cov(sample - sample.mean(axis=0), rowvar=False)
    _, vectors = np.linalg.eigh(spread)
    along = (colours - sample.mean(axis=0)) @ vectors[:, -1]
    low, high = np.percentile(along[inside], (1, 99))
    if high - low < 1:
        raise NotEvaluable("contrast.not_measured", "letters that differ from their background", "one flat colour")
    return np.asarray(np.clip((along - low) * 255 / (high - low), 0, 255), np.uint8)


def _inner(shape: tuple[int, ...], margin: int) -> BoolMask:
    inside = np.zeros(shape[:2], np.bool_)
    inside[margin : shape[0] - margin, margin : shape[1] - margin] = True
    return inside


def _without_background(strokes: BoolMask, inside: BoolMask) -> BoolMask:
    """Drop what reaches out of the line, and specks."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(strokes.astype(np.uint8), connectivity=8)
    outside = np.bincount(labels[~inside], minlength=count) if (~inside).any() else np.zeros(count)
    areas = stats[:, cv2.CC_STAT_AREA]
    keep = (outside <= 0.25 * areas) & (areas >= 4)
    keep[0] = False
    return np.asarray(keep[labels], np.bool_)


def background_of(crop: Pixels, strokes: BoolMask) -> NDArray[np.float64]:
    """Return h×w×3: the mean of the background around each pixel, letters and their antialiased edges left out."""
    away = cv2.distanceTransform((~strokes).astype(np.uint8), cv2.DIST_L2, 5) > EDGE
    weights = away.astype(np.float64)
    share = cv2.blur(weights, (SMOOTHING, SMOOTHING))
    total = cv2.blur(crop * weights[..., None], (SMOOTHING, SMOOTHING))
    return np.asarray(total / np.maximum(share, 1e-6)[..., None], np.float64)


def core_of(depth: NDArray[Any], strokes: BoolMask) -> BoolMask:
    """Return the inner pixels of strokes, where antialiasing and blur have not reached: the deepest fifth at least."""
    deepest = float(np.quantile(depth[strokes], 0.8))
    return np.asarray(strokes & (depth >= min(deepest, 3.0)), np.bool_)


def purest_of(axis: NDArray[np.uint8], strokes: BoolMask) -> BoolMask:
    """Return the pixels of thin strokes that are furthest from the background."""
    away = np.abs(axis.astype(np.float64) - float(np.median(axis[~strokes])))
    return np.asarray(strokes & (away >= np.percentile(away[strokes], PUREST)), np.bool_)


def ring_around(strokes: BoolMask, width: float) -> BoolMask:
    """Return the pixels within `width` outside the antialiased edge of the strokes."""
    distance = cv2.distanceTransform((~strokes).astype(np.uint8), cv2.DIST_L2, 5)
    return np.asarray((distance > EDGE) & (distance <= EDGE + max(1.0, width)), np.bool_)


def cap_height(strokes: BoolMask) -> int:
    """Return the height of the highest letter, in pixels."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(strokes.astype(np.uint8), connectivity=8)
    return int(stats[1:, cv2.CC_STAT_HEIGHT].max(initial=1))


def _ends(ring: NDArray[Any]) -> tuple[Rgb, Rgb]:
    """Return the colours at the dark and the light end of a background's luminance."""
    if not len(ring):
        raise NotEvaluable("contrast.not_measured", "background around the letters", "none")
    luminance = relative_luminance(ring)
    order = np.argsort(luminance, kind="stable")
    places = [round(share / 100 * (len(ring) - 1)) for share in (DARKEST, LIGHTEST)]
    dark, light = (ring[order[place]] for place in places)
    return _rgb(dark), _rgb(light)


def _lowest_ratio(text: Rgb, darkest: Rgb, lightest: Rgb, ring: NDArray[Any]) -> float:
    """Return the ratio against the nearer end; against the nearest pixels where the text lies between the ends."""
    own = float(relative_luminance(text))
    low, high = float(relative_luminance(darkest)), float(relative_luminance(lightest))
    if low < own < high:
        around = relative_luminance(ring)
        ratios = (np.maximum(around, own) + 0.05) / (np.minimum(around, own) + 0.05)
        return float(np.percentile(ratios, DARKEST))
    return min(contrast_ratio(text, darkest), contrast_ratio(text, lightest))


def _median_colour(pixels: NDArray[Any]) -> Rgb:
    return _rgb(np.median(pixels, axis=0))


def _rgb(colour: NDArray[Any]) -> Rgb:
    red, green, blue = (round(float(channel)) for channel in colour)
    return red, green, blue
