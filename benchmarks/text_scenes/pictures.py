"""Pictures of which every text is known, because it is drawn: several texts each, every one judged on its own."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFont
from rapidfuzz import fuzz

from text_scenes.backdrops import BACKDROPS, Corners, Floats, Pixels, Place, choose_inks
from text_scenes.faces import MIN_STROKE, Face, Mask, draw_mask, find_faces
from text_scenes.strings import CORRUPTIONS, KINDS, Random, corrupt, write
from text_scenes.visibility import visible_change

SIZES = ((768, 512), (768, 512), (1024, 1024), (1200, 628))
CAP_HEIGHTS = (14.0, 160.0)
MAX_ROTATION = 15.0
QUALITIES = (60, 95)
TEXTS = 14
"""Texts tried per picture; those that find no place are left out."""

MAX_LIKENESS = 75.0
"""Share in percent of the characters that two texts of one picture may have alike: one never explains another."""


@dataclass(frozen=True, eq=False)
class Scene:
    """One text in a picture: what should stand there and what does.

    Attributes:
        image: The picture, H×W×3 uint8 sRGB, as decoded from JPEG; shared by the scenes of one picture.
        expected: What should stand there.
        drawn: What does.
        kind: One of KINDS.
        corruption: One of CORRUPTIONS, "" where drawn is expected.
        visible_change: How much the wrong glyph differs from the right one; see `visibility`. 1 where nothing is wrong.
        cap_height: Height of the face's H as drawn, pixels.
        face: Name of the face.
        background: A key of BACKDROPS.
        contrast: Of the text's colour against 95 % of the background next to its least readable letter (WCAG 2).
        rotation: Degrees, anticlockwise.
        jpeg: Quality of the file.
        box: Left, top, right, bottom of the ink.
        critical: Whether it is judged in mode exact; every text here is.
    """

    image: Pixels
    expected: str
    drawn: str
    kind: str
    corruption: str
    visible_change: float
    cap_height: float
    face: str
    background: str
    contrast: float
    rotation: float
    jpeg: int
    box: Corners
    critical: bool = True


@dataclass(frozen=True)
class Setting:
    """How a text is set: face, height of its H in pixels, and turn in degrees anticlockwise."""

    face: Face
    cap_height: float
    rotation: float

    def holds(self, text: str, width: int) -> bool:
        """Whether the face has every glyph and the text fits into a picture of this width."""
        if not self.face.has(text):
            return False
        length = self.face.sized(self.cap_height).getlength(text)
        return bool(length * np.cos(np.radians(self.rotation)) <= 0.9 * width)


@dataclass(frozen=True, eq=False)
class Wording:
    """A text before it is placed."""

    expected: str
    drawn: str
    kind: str
    corruption: str
    setting: Setting
    visible_change: float = 1.0


def draw_picture(
    seed: int,
    worded: Callable[[Random, int], Wording | None] | None = None,
    draw: Callable[[ImageFont.FreeTypeFont, Wording], Mask] | None = None,
) -> tuple[Scene, ...]:
    """Return the scenes of one picture.

    Args:
        seed: What determines everything in it.
        worded: Gives texts for a picture of a width; as default half of them right, half wrong by one glyph.
        draw: Draws a text upright; as default as the face has it.
    """
    rng = np.random.default_rng((seed, 4))
    width, height = SIZES[int(rng.integers(len(SIZES)))]
    background = tuple(BACKDROPS)[int(rng.integers(len(BACKDROPS)))]
    canvas = BACKDROPS[background](rng, height, width)
    taken = np.zeros((height, width), bool)
    placed: list[tuple[Wording, Place]] = []
    for _ in range(TEXTS):
        wording = (worded or word)(rng, width)
        if wording is None or not is_unlike(wording, [other for other, _ in placed]):
            continue
        mask = turned_mask(wording, draw or as_written)
        corner = find_place(rng, taken, mask, margin=round(0.8 * wording.setting.cap_height) + 4)
        if corner is not None:
            letter = max(4, round(wording.setting.cap_height / 2))
            placed.append((wording, Place(mask, *corner, letter)))
    return coloured(rng, canvas, background, placed)


def word(rng: Random, width: int) -> Wording | None:
    """Return a text, right or wrong, with its face and size; None where they do not go together."""
    setting = pick_setting(rng)
    kind = KINDS[int(rng.integers(len(KINDS)))]
    expected = write(rng, kind)
    expected = expected.upper() if setting.face.is_caseless else expected
    is_wrong = bool(rng.integers(2))
    corruption = CORRUPTIONS[int(rng.integers(len(CORRUPTIONS)))] if is_wrong else ""
    drawn = corrupt(rng, expected, corruption) if is_wrong else expected
    if drawn is None or not setting.face.has(expected) or not setting.holds(drawn, width):
        return None
    change = visible_change(setting.face, expected, drawn) if is_wrong else 1.0
    return Wording(expected, drawn, kind, corruption, setting, change)


def pick_setting(rng: Random) -> Setting:
    cap_height = float(np.exp(rng.uniform(*np.log(CAP_HEIGHTS))))
    rotation = float(rng.uniform(-MAX_ROTATION, MAX_ROTATION)) * bool(rng.integers(2))
    return Setting(pick_face(rng, cap_height), cap_height, rotation)


def pick_face(rng: Random, cap_height: float) -> Face:
    """Return a face, every family alike, whose strokes fill a pixel at this size."""
    families: dict[str, list[Face]] = {}
    for face in find_faces():
        if face.stroke_share * cap_height >= MIN_STROKE:
            families.setdefault(face.family, []).append(face)
    names = sorted(families)
    faces = families[names[int(rng.integers(len(names)))]]
    return faces[int(rng.integers(len(faces)))]


def is_unlike(wording: Wording, others: list[Wording]) -> bool:
    """Whether no text of the picture could pass for a part of another."""
    own = (wording.expected, wording.drawn)
    theirs = [text for other in others for text in (other.expected, other.drawn)]
    return all(fuzz.partial_ratio(mine, text) < MAX_LIKENESS for mine in own for text in theirs)


def as_written(font: ImageFont.FreeTypeFont, wording: Wording) -> Mask:
    return draw_mask(font, wording.drawn)


def turned_mask(wording: Wording, draw: Callable[[ImageFont.FreeTypeFont, Wording], Mask] = as_written) -> Mask:
    """Return the coverage of the text at its angle."""
    setting = wording.setting
    if not setting.rotation:
        return trimmed(draw(setting.face.sized(setting.cap_height), wording))
    # Turned at twice the size, so that turning does not blur.
    large = draw(setting.face.sized(2 * setting.cap_height), wording)
    turned = Image.fromarray(large).rotate(setting.rotation, Image.Resampling.BICUBIC, expand=True)
    return trimmed(np.asarray(turned.reduce(2), np.uint8))


def trimmed(mask: Mask) -> Mask:
    left, top, right, bottom = Image.fromarray(mask).getbbox() or (0, 0, 1, 1)
    return mask[top:bottom, left:right]


def find_place(rng: Random, taken: NDArray[np.bool_], mask: Mask, margin: int) -> tuple[int, int] | None:
    """Return a corner (left, top) where the text stands clear of the others and of the edge, and take the place."""
    ink = (
        cv2.morphologyEx(np.pad(mask, margin), cv2.MORPH_DILATE, np.ones((2 * margin + 1, 2 * margin + 1), np.uint8))
        > 0
    )
    height, width = ink.shape
    room_x, room_y = taken.shape[1] - width, taken.shape[0] - height
    if room_x < 0 or room_y < 0:
        return None
    for _ in range(20):
        left, top = int(rng.integers(room_x + 1)), int(rng.integers(room_y + 1))
        part = taken[top : top + height, left : left + width]
        if not (part & ink).any():
            part |= ink
            return left + margin, top + margin
    return None


def coloured(rng: Random, canvas: Floats, background: str, placed: list[tuple[Wording, Place]]) -> tuple[Scene, ...]:
    """Return the scenes with every text in a colour that contrasts, after JPEG."""
    canvas, inks = choose_inks(rng, canvas, [place for _, place in placed])
    for (_, place), (ink, _) in zip(placed, inks, strict=True):
        left, top, right, bottom = place.box
        cover = place.mask[..., None] / np.float32(255)
        canvas[top:bottom, left:right] = canvas[top:bottom, left:right] * (1 - cover) + ink * cover
    quality = int(rng.integers(QUALITIES[0], QUALITIES[1] + 1))
    image = compressed(canvas, quality)
    return tuple(
        Scene(
            image,
            w.expected,
            w.drawn,
            w.kind,
            w.corruption,
            w.visible_change,
            w.setting.cap_height,
            w.setting.face.name,
            background,
            contrast,
            w.setting.rotation,
            quality,
            place.box,
        )
        for (w, place), (_, contrast) in zip(placed, inks, strict=True)
    )


def compressed(canvas: Floats, quality: int) -> Pixels:
    file = io.BytesIO()
    Image.fromarray(np.clip(np.rint(canvas), 0, 255).astype(np.uint8)).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file).convert("RGB"), np.uint8)
