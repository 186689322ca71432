"""Photographs that stay photographs, harder to tell from drawings: compressed, out of focus, retouched, by night.

As in `stylisations`, each takes a picture, how wide the face in it is, and what to draw its parameters from.
"""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np
from picture_filters import Pixels, Random, grey_to_rgb, rounded, saturated
from stylisations import Style

from consistency.display import jpeg_bytes
from consistency.image import load_image


def plain(pixels: Pixels, _face: int, _draw: Random) -> Pixels:
    """Return the photograph."""
    return pixels


def compressed(pixels: Pixels, _face: int, draw: Random) -> Pixels:
    """Return it through JPEG at quality 15 to 35."""
    return load_image(jpeg_bytes(pixels, int(draw.integers(15, 36)))).pixels


def blurred(pixels: Pixels, face: int, draw: Random) -> Pixels:
    """Return it out of focus."""
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), face * draw.uniform(0.01, 0.03)), np.uint8)


def enlarged(pixels: Pixels, face: int, draw: Random) -> Pixels:
    """Return it enlarged from a face of 40 pixels."""
    scale = min(1.0, 40 / face)
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    method = cv2.INTER_CUBIC if draw.random() < 0.5 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(small, pixels.shape[1::-1], interpolation=method), np.uint8)


def retouched(pixels: Pixels, face: int, draw: Random) -> Pixels:
    """Return it with the skin smoothed as beauty filters do."""
    size = max(5, round(face * draw.uniform(0.03, 0.06)))
    return np.asarray(cv2.bilateralFilter(pixels, size, float(draw.uniform(25, 50)), size / 2), np.uint8)


def denoised(pixels: Pixels, _face: int, draw: Random) -> Pixels:
    """Return it with fine detail taken for noise."""
    strength = float(draw.uniform(4, 9))
    return np.asarray(cv2.fastNlMeansDenoisingColored(pixels, None, strength, strength, 5, 11), np.uint8)


def black_and_white(pixels: Pixels, _face: int, draw: Random) -> Pixels:
    """Return it in grey, contrast as it comes."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
    return grey_to_rgb(rounded((grey - 128) * draw.uniform(0.8, 1.5) + 128))


def contrasty(pixels: Pixels, _face: int, draw: Random) -> Pixels:
    """Return it with hard contrast, lights and shadows clipped."""
    return rounded((pixels.astype(np.float32) - draw.uniform(100, 150)) * draw.uniform(1.5, 2.2) + 128)


def vivid(pixels: Pixels, _face: int, draw: Random) -> Pixels:
    """Return it over-saturated."""
    return saturated(pixels, draw.uniform(1.6, 2.4))


def sharpened(pixels: Pixels, face: int, draw: Random) -> Pixels:
    """Return it over-sharpened, with halos."""
    soft = cv2.GaussianBlur(pixels, (0, 0), max(1.0, face * 0.012)).astype(np.float32)
    return rounded(pixels + (pixels - soft) * draw.uniform(0.8, 2.0))


def noisy(pixels: Pixels, _face: int, draw: Random) -> Pixels:
    """Return it dark and grainy, as by night."""
    dim = pixels.astype(np.float32) * draw.uniform(0.4, 0.9)
    return rounded(dim + draw.normal(0, draw.uniform(6, 18), pixels.shape))


def tinted(pixels: Pixels, _face: int, draw: Random) -> Pixels:
    """Return it in one tint, as old prints and stage light are."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)[:, :, None].astype(np.float32)
    share = draw.uniform(0.4, 1.0)
    return rounded((share * grey + (1 - share) * pixels) * draw.uniform(0.6, 1.15, 3))


def grainy(pixels: Pixels, _face: int, draw: Random) -> Pixels:
    """Return it on fast black-and-white film: grain of some pixels."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
    grain = cv2.GaussianBlur(draw.normal(0, 1, grey.shape).astype(np.float32), (0, 0), draw.uniform(0.5, 1.2))
    grey = (grey - 128) * draw.uniform(1.0, 1.6) + 128 + grain * draw.uniform(4, 14) / float(grain.std())
    return grey_to_rgb(rounded(grey))


def tone_mapped(pixels: Pixels, _face: int, draw: Random) -> Pixels:
    """Return it with local contrast pulled up, as phones do."""
    lab = cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB)
    lab[:, :, 0] = cv2.createCLAHE(float(draw.uniform(2, 4)), (4, 4)).apply(lab[:, :, 0])
    return saturated(np.asarray(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB), np.uint8), draw.uniform(1.0, 1.4))


def shaken(pixels: Pixels, face: int, draw: Random) -> Pixels:
    """Return it blurred along a line."""
    size = 2 * max(1, round(face * draw.uniform(0.015, 0.035))) + 1
    kernel, angle = np.zeros((size, size), np.float32), draw.uniform(0, np.pi)
    step = np.array([np.cos(angle), np.sin(angle)]) * size / 2
    ends = [tuple(round(v) for v in size // 2 + sign * step) for sign in (-1, 1)]
    cv2.line(kernel, *ends, 1.0, 1)
    return np.asarray(cv2.filter2D(pixels, -1, kernel / kernel.sum()), np.uint8)


PHOTOGRAPHED: Mapping[str, Style] = {
    "plain": plain, "compressed": compressed, "blurred": blurred, "enlarged": enlarged, "retouched": retouched,
    "denoised": denoised, "black_and_white": black_and_white, "contrasty": contrasty, "vivid": vivid,
    "sharpened": sharpened, "noisy": noisy, "tinted": tinted, "grainy": grainy, "tone_mapped": tone_mapped,
    "shaken": shaken,
}  # fmt: skip
"""What is done to photographs that stay photographs."""
