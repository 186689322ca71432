"""Other products that are not the campaign's: a mug and a pouch, both in the brand's label colour."""

from __future__ import annotations

import numpy as np

from qa.demo.drawing import Color, Pixels, blend, disc, ramp, rounded, toned, unit, words

CERAMIC: Color = (238.0, 236.0, 231.0)
KRAFT: Color = (193.0, 154.0, 108.0)


def draw_mug(height: int, sleeve: Color) -> tuple[Pixels, Pixels]:
    """Return a white mug with a handle and a coloured sleeve: colours and cover, `height` pixels high."""
    width, body = round(1.35 * height), round(0.98 * height)
    colors, cover = np.zeros((height, width, 3), np.float32), np.zeros((height, width), np.float32)
    colors[:] = unit((214, 211, 205))
    ring, hole = disc(round(0.62 * height)), disc(round(0.40 * height))
    top, left = round(0.18 * height), round(0.70 * height)
    inset = (ring.shape[0] - hole.shape[0]) // 2
    ring[inset : inset + hole.shape[0], inset : inset + hole.shape[1]] -= hole
    cover[top : top + ring.shape[0], left : left + ring.shape[1]] = np.clip(ring, 0, 1)
    across = np.linspace(-1, 1, body, dtype=np.float32)[None, :]
    gain = np.broadcast_to(0.45 + 0.55 * np.sqrt(np.clip(1 - (across * 0.95 + 0.1) ** 2, 0, 1)), (height, body))
    cup = rounded(height, body, 0.12 * height)
    blend(colors, toned(CERAMIC, gain), cup, 0, 0)
    np.maximum(cover[:, :body], cup, out=cover[:, :body])
    band = slice(round(0.30 * height), round(0.80 * height))
    flat = np.minimum(1, np.broadcast_to(0.55 + 0.45 * ramp(1 - np.abs(across), 0.0, 0.3), cup[band].shape))
    blend(colors, toned(sleeve, flat), cup[band], 0, band.start)
    return colors, cover


def draw_pouch(height: int, patch: Color) -> tuple[Pixels, Pixels]:
    """Return a kraft stand-up pouch with a coloured patch: colours and cover, `height` pixels high."""
    width = round(0.68 * height)
    across = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    folds = 0.08 * np.sin(across * 9 + down * 4) * ramp(np.abs(across), 0.2, 1.0)
    colors = toned(KRAFT, 0.78 + 0.3 * np.sqrt(np.clip(1 - across**2, 0, 1)) + folds - 0.25 * ramp(down, 0.9, 1.0))
    colors[: round(0.09 * height)] *= 0.86
    side = round(0.46 * height)
    blend(colors, unit(patch), rounded(side, side, 0.04 * height), (width - side) // 2, round(0.32 * height))
    name = words("OAT CRUNCH", round(0.065 * height), 1)
    blend(colors, unit(CERAMIC), name, (width - name.shape[1]) // 2, round(0.52 * height))
    waist = 1 - 0.05 * np.sin(np.pi * down) - 0.04 * ramp(-down, -0.12, 0.0)
    cover = np.clip((waist - np.abs(across)) * width / 2, 0, 1).astype(np.float32)
    return colors.astype(np.float32), cover
