"""Pictures made of photographs as if by hand: painted, drawn in pencil, printed, in few flat colours.

Each family takes a picture, how wide the face in it is, and what to draw its parameters from. Sizes of brushes, dots
and lines follow the face, as they would on a real drawing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import cv2
import numpy as np
from numpy.typing import NDArray
from picture_filters import Pixels, Random, calmed, clustered, grey_to_rgb, outlines, quantised, rounded, saturated

Floats = NDArray[np.float32]
Style = Callable[[Pixels, int, Random], Pixels]


def kuwahara(pixels: Pixels, face: int, draw: Random) -> Pixels:
    """Return an oil painting: every pixel the mean of its calmest quarter of neighbours (Kuwahara et al. 1976)."""
    radius = max(2, round(face * draw.uniform(0.015, 0.045)))
    side = radius + 1
    sums = pixels.astype(np.float32)
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
    best, least = sums, np.full(grey.shape, np.inf, np.float32)
    for anchor in ((0, 0), (radius, 0), (0, radius), (radius, radius)):
        mean = cv2.blur(sums, (side, side), anchor=anchor)
        light = cv2.blur(grey, (side, side), anchor=anchor)
        spread = cv2.blur(grey * grey, (side, side), anchor=anchor) - light * light
        is_calmer = spread < least
        best, least = np.where(is_calmer[:, :, None], mean, best), np.where(is_calmer, spread, least)
    return rounded(best)


def oil(pixels: Pixels, face: int, draw: Random) -> Pixels:
    """Return an oil painting: every pixel the mean of its neighbours of the lightness that most of them have."""
    size, levels = 2 * max(2, round(face * draw.uniform(0.012, 0.03))) + 1, int(draw.integers(8, 20))
    level = (cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.int32) * levels) // 256
    most, best = np.zeros(level.shape, np.float32), np.zeros(pixels.shape, np.float32)
    for each in range(levels):
        mask = (level == each).astype(np.float32)
        count = cv2.blur(mask, (size, size))
        colour = cv2.blur(pixels * mask[:, :, None], (size, size)) / np.maximum(count, 1e-6)[:, :, None]
        is_more = count > most
        best, most = np.where(is_more[:, :, None], colour, best), np.where(is_more, count, most)
    return rounded(best)


def brush(pixels: Pixels, face: int, draw: Random) -> Pixels:
    """Return strokes along the edges, broad ones first (after Hertzmann 1998, doi 10.1145/280814.280951)."""
    canvas = np.full(pixels.shape, pixels.reshape(-1, 3).mean(axis=0), np.uint8)
    height, width = pixels.shape[:2]
    for share in (0.09, 0.05, 0.025):
        radius = max(1, round(face * share * draw.uniform(0.8, 1.3)))
        soft = cv2.GaussianBlur(pixels, (0, 0), radius)
        angle = stroke_angles(soft)
        count = round(height * width / radius**2)
        tops, lefts = draw.integers(0, height, count), draw.integers(0, width, count)
        error = np.abs(canvas.astype(np.int16) - soft).sum(axis=2)
        for top, left in zip(tops, lefts, strict=True):
            if share < 0.09 and error[top, left] < 30:
                continue
            step = np.array([np.cos(angle[top, left]), np.sin(angle[top, left])]) * radius * draw.uniform(1, 3)
            colour = np.clip(soft[top, left] + draw.normal(0, 6, 3), 0, 255)
            ends = [tuple(int(v) for v in np.array([left, top]) + sign * step) for sign in (-1, 1)]
            cv2.line(canvas, *ends, tuple(float(v) for v in colour), max(1, radius), cv2.LINE_AA)
    return canvas


def stroke_angles(soft: Pixels) -> Floats:
    """Return the direction along edges."""
    grey = cv2.cvtColor(soft, cv2.COLOR_RGB2GRAY).astype(np.float32)
    return np.asarray(np.arctan2(cv2.Sobel(grey, cv2.CV_32F, 1, 0), -cv2.Sobel(grey, cv2.CV_32F, 0, 1)), np.float32)


def stylised(pixels: Pixels, face: int, draw: Random) -> Pixels:
    """Return what OpenCV calls a stylisation (Gastal and Oliveira 2011)."""
    sigma = float(np.clip(face * draw.uniform(0.2, 0.5), 5, 200))
    return np.asarray(cv2.stylization(pixels, sigma_s=sigma, sigma_r=float(draw.uniform(0.3, 0.6))), np.uint8)


def pencil_grey(pixels: Pixels, face: int, draw: Random) -> Pixels:
    """Return OpenCV's pencil sketch in grey."""
    return grey_to_rgb(pencils(pixels, face, draw)[0])


def pencil_colour(pixels: Pixels, face: int, draw: Random) -> Pixels:
    """Return OpenCV's pencil sketch in colour."""
    return np.asarray(pencils(pixels, face, draw)[1], np.uint8)


def pencils(pixels: Pixels, face: int, draw: Random) -> tuple[Pixels, Pixels]:
    """Return both."""
    sigma = float(np.clip(face * draw.uniform(0.15, 0.4), 5, 120))
    options = {"sigma_s": sigma, "sigma_r": float(draw.uniform(0.05, 0.1)), "shade_factor": draw.uniform(0.02, 0.05)}
    grey, colour = cv2.pencilSketch(pixels, **options)
    return grey, colour


def dodged(pixels: Pixels, face: int, draw: Random) -> Pixels:
    """Return a pencil drawing: the picture divided by its blur, lines where it is darker than around."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
    around = cv2.GaussianBlur(grey, (0, 0), max(1.0, face * draw.uniform(0.02, 0.06)))
    lines = np.clip(grey / np.maximum(around, 1), 0, 1) ** draw.uniform(2, 5)
    return grey_to_rgb(rounded(lines * 250 + draw.normal(0, draw.uniform(0, 6), grey.shape)))


def comic(pixels: Pixels, face: int, draw: Random) -> Pixels:
    """Return few colours with black outlines."""
    calm = calmed(pixels, face, draw, 3)
    outline = outlines(calm, face, draw)
    flat = quantised(calm, int(draw.integers(4, 8)))
    return np.where(outline[:, :, None], flat, np.uint8(draw.integers(0, 50)))


def mean_shift(pixels: Pixels, face: int, draw: Random) -> Pixels:
    """Return areas of one colour, as mean shift finds them; every second with outlines."""
    radius = max(3, round(face * draw.uniform(0.03, 0.08)))
    flat = np.asarray(cv2.pyrMeanShiftFiltering(pixels, radius, float(draw.uniform(20, 45))), np.uint8)
    if draw.random() < 0.5:
        return flat
    return np.where(outlines(flat, face, draw)[:, :, None], flat, np.uint8(20))


def few_colours(pixels: Pixels, face: int, draw: Random) -> Pixels:
    """Return flat areas of 6 to 16 colours without outlines."""
    sigma = float(np.clip(face * draw.uniform(0.2, 0.5), 5, 200))
    calm = cv2.edgePreservingFilter(pixels, flags=1, sigma_s=sigma, sigma_r=float(draw.uniform(0.3, 0.5)))
    return clustered(np.asarray(calm, np.uint8), int(draw.integers(6, 17)))


def halftone(pixels: Pixels, face: int, draw: Random) -> Pixels:
    """Return a print in dots, black or of three inks."""
    step = max(3, round(face * draw.uniform(0.02, 0.05)))
    inks = 3 if draw.random() < 0.5 else 1
    planes = pixels if inks == 3 else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)[:, :, None]
    printed = [dots(planes[:, :, ink], step, draw.uniform(0, np.pi / 2)) for ink in range(inks)]
    return np.stack(printed * (3 // inks), axis=2)


def dots(plane: Pixels, step: int, angle: float) -> Pixels:
    """Return one ink as dots on a turned grid, larger where it is darker."""
    rows, columns = np.mgrid[: plane.shape[0], : plane.shape[1]].astype(np.float32)
    across, down = rows * np.sin(angle) + columns * np.cos(angle), rows * np.cos(angle) - columns * np.sin(angle)
    screen = (np.cos(across * np.pi / step * 2) + np.cos(down * np.pi / step * 2)) / 4 + 0.5
    light = cv2.GaussianBlur(plane, (0, 0), step / 3) / 255.0
    return rounded(255 / (1 + np.exp(np.clip((screen - light) * 14, -30, 30))))


def watercolour(pixels: Pixels, face: int, draw: Random) -> Pixels:
    """Return washed areas that bleed, darker at their edges, on paper."""
    flat = calmed(pixels, face, draw, 2)
    size = 2 * max(1, round(face * 0.02)) + 1
    flat = cv2.medianBlur(flat, min(size, 25)).astype(np.float32)
    wobble = cv2.GaussianBlur(draw.normal(0, 1, (*pixels.shape[:2], 2)).astype(np.float32), (0, 0), face * 0.02)
    wobble *= face * 0.02 / max(float(wobble.std()), 1e-6)
    rows, columns = np.mgrid[: pixels.shape[0], : pixels.shape[1]].astype(np.float32)
    bled = cv2.remap(flat, columns + wobble[..., 0], rows + wobble[..., 1], cv2.INTER_LINEAR, borderMode=2)
    grey = cv2.cvtColor(bled, cv2.COLOR_RGB2GRAY)
    edge = np.abs(cv2.Laplacian(cv2.GaussianBlur(grey, (0, 0), max(0.8, face * 0.008)), cv2.CV_32F))
    paper = 1 + 0.05 * cv2.GaussianBlur(draw.normal(0, 1, grey.shape).astype(np.float32), (0, 0), 1.0)
    washed = 255 - (255 - bled) * draw.uniform(0.6, 0.9)
    return rounded(washed * paper[:, :, None] - np.minimum(edge * 4, 50)[:, :, None])


def woodcut(pixels: Pixels, face: int, draw: Random) -> Pixels:
    """Return two inks: dark where the picture is darker than around it, or than one level."""
    grey = cv2.GaussianBlur(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), (0, 0), max(0.8, face * 0.008))
    around = cv2.GaussianBlur(grey, (0, 0), face * draw.uniform(0.1, 0.3)).astype(np.float32)
    level = draw.uniform(0.3, 0.8) * around + draw.uniform(0.2, 0.4) * float(np.median(grey))
    paper, ink = (draw.integers(200, 256, 3), draw.integers(0, 60, 3))
    return np.where((grey > level)[:, :, None], paper, ink).astype(np.uint8)


def engraving(pixels: Pixels, face: int, draw: Random) -> Pixels:
    """Return wavy lines, wider where it is darker."""
    step, angle = max(3.0, face * draw.uniform(0.015, 0.035)), draw.uniform(0, np.pi)
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
    rows, columns = np.mgrid[: grey.shape[0], : grey.shape[1]].astype(np.float32)
    along = rows * np.cos(angle) + columns * np.sin(angle)
    wave = np.sin((along + cv2.GaussianBlur(grey, (0, 0), step) * step / 60) * 2 * np.pi / step) / 2 + 0.5
    light = np.clip(cv2.GaussianBlur(grey, (0, 0), step / 4) / 255.0 * 1.15, 0, 1)
    return grey_to_rgb(rounded(250 / (1 + np.exp(np.clip((wave - light) * 12, -30, 30)))))


def low_poly(pixels: Pixels, face: int, draw: Random) -> Pixels:
    """Return flat triangles between points, more of them on edges."""
    height, width = pixels.shape[:2]
    count = round(draw.uniform(350, 900) * height * width / (3.0 * face * face))
    edges = cv2.Canny(cv2.GaussianBlur(pixels, (0, 0), max(0.8, face * 0.01)), 40, 100)
    rows, columns = np.nonzero(edges)
    chosen = draw.permutation(len(rows))[:count]
    points = {(int(columns[i]), int(rows[i])) for i in chosen}
    points |= {(int(draw.integers(width)), int(draw.integers(height))) for _ in range(count // 3)}
    points |= {(0, 0), (width - 1, 0), (0, height - 1), (width - 1, height - 1)}
    mesh = cv2.Subdiv2D((0, 0, width, height))
    mesh.insert([(float(x), float(y)) for x, y in sorted(points)])
    canvas = pixels.copy()
    for triangle in mesh.getTriangleList().reshape(-1, 3, 2).round().astype(np.int32):
        if (triangle >= 0).all() and (triangle < (width, height)).all():
            x, y, w, h = cv2.boundingRect(triangle)
            mask = np.zeros((h, w), np.uint8)
            cv2.fillConvexPoly(mask, triangle - (x, y), 1)
            cv2.fillConvexPoly(canvas, triangle, cv2.mean(pixels[y : y + h, x : x + w], mask)[:3])
    return canvas


def anime(pixels: Pixels, face: int, draw: Random) -> Pixels:
    """Return smooth shading in strong colours with thin dark lines."""
    calm = calmed(pixels, face, draw, 6)
    colour = saturated(calm, draw.uniform(1.2, 1.7)).astype(np.float32)
    grey = cv2.cvtColor(calm, cv2.COLOR_RGB2GRAY).astype(np.float32)
    fine = max(0.8, face * draw.uniform(0.006, 0.012))
    ridge = cv2.GaussianBlur(grey, (0, 0), fine * 1.6) - cv2.GaussianBlur(grey, (0, 0), fine)
    line = np.clip(ridge / draw.uniform(4, 9), 0, 1)[:, :, None]
    light = np.clip((colour - 128) * 1.1 + 140, 0, 255)
    return rounded(light * (1 - line) + np.array([50, 30, 40], np.float32) * line)


def old_master(pixels: Pixels, face: int, draw: Random) -> Pixels:
    """Return fine brushwork in warm and dim colours on canvas, cracked: an old portrait in oil."""
    fine = max(2, round(face * draw.uniform(0.012, 0.022)))
    base = mode_of_three(pixels, fine)
    canvas, (height, width) = base.copy(), pixels.shape[:2]
    soft, angle = cv2.GaussianBlur(base, (0, 0), fine * 0.7), stroke_angles(cv2.GaussianBlur(base, (0, 0), fine * 1.5))
    count = round(height * width / fine**2 * draw.uniform(0.4, 1.2))
    for top, left in zip(draw.integers(0, height, count), draw.integers(0, width, count), strict=True):
        step = np.array([np.cos(angle[top, left]), np.sin(angle[top, left])]) * fine * draw.uniform(0.8, 2.5)
        colour = np.clip(soft[top, left] + draw.normal(0, 5), 0, 255)
        ends = [tuple(int(v) for v in np.array([left, top]) + sign * step) for sign in (-1, 1)]
        cv2.line(canvas, *ends, tuple(float(v) for v in colour), max(1, round(fine * 0.7)), cv2.LINE_AA)
    tone = np.array([1.0, draw.uniform(0.82, 0.95), draw.uniform(0.55, 0.8)], np.float32) * draw.uniform(0.75, 1.05)
    weave = np.add.outer(np.sin(np.arange(height) * 2.1), np.sin(np.arange(width) * 2.1)).astype(np.float32)
    return rounded(canvas * tone + (weave * draw.uniform(0, 3))[:, :, None])


def mode_of_three(pixels: Pixels, fine: int) -> Pixels:
    """Return it without fine texture, by medians."""
    for _ in range(2):
        pixels = np.asarray(cv2.medianBlur(pixels, min(2 * (fine // 2) + 1, 15)), np.uint8)
    return pixels


def manga(pixels: Pixels, face: int, draw: Random) -> Pixels:
    """Return large eyes, smooth skin, strong colours, a thin outline: the face is taken to be in the middle."""
    wide = enlarged_eyes(pixels, draw)
    calm = calmed(wide, face, draw, 8)
    grey = cv2.cvtColor(calm, cv2.COLOR_RGB2GRAY).astype(np.float32)
    fine = max(0.8, face * draw.uniform(0.006, 0.012))
    line = np.clip((cv2.GaussianBlur(grey, (0, 0), fine * 1.6) - cv2.GaussianBlur(grey, (0, 0), fine)) / 6, 0, 1)
    light = saturated(calm, draw.uniform(1.1, 1.8)).astype(np.float32)
    glow = cv2.GaussianBlur(light, (0, 0), face * 0.04)
    share = draw.uniform(0.1, 0.4)
    lit = 255 - (255 - light * (1 - share)) * (255 - glow * share) / 255 + 15
    return rounded(lit * (1 - line[:, :, None]) + np.array([60, 35, 45], np.float32) * line[:, :, None])


def enlarged_eyes(pixels: Pixels, draw: Random) -> Pixels:
    """Return a face, two fifths of the picture in its middle, warped: both eyes larger, the chin narrower."""
    height, width = pixels.shape[:2]
    face = 0.4 * min(height, width)
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    across, down, power = columns.copy(), rows.copy(), draw.uniform(0.25, 0.5)
    for side in (-0.22, 0.22):
        x, y = width / 2 + side * face, height / 2 - 0.13 * face
        near = np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * (0.15 * face) ** 2))
        across, down = across - power * near * (columns - x), down - power * near * (rows - y)
    chin = np.exp(-((rows - height / 2 - 0.55 * face) ** 2) / (2 * (0.25 * face) ** 2))
    across = across + 0.25 * chin * (columns - width / 2)
    return np.asarray(cv2.remap(pixels, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT), np.uint8)


DRAWN: Mapping[str, Style] = {
    "kuwahara": kuwahara, "oil": oil, "brush": brush, "old_master": old_master, "watercolour": watercolour,
    "stylised": stylised, "pencil_grey": pencil_grey, "pencil_colour": pencil_colour, "dodged": dodged,
    "comic": comic, "mean_shift": mean_shift, "few_colours": few_colours, "anime": anime, "manga": manga,
    "halftone": halftone, "woodcut": woodcut, "engraving": engraving, "low_poly": low_poly,
}  # fmt: skip
"""Families of drawings made of photographs."""
