"""The photographs that thresholds are derived from: whose they are, who looks like whom, harder versions of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import skimage.data
from numpy.typing import NDArray

from consistency.image import load_image

Pixels = NDArray[np.uint8]

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"
ENDINGS = (".jpg", ".jpeg", ".png", ".webp")

FAMILIES = (
    ("dog", "dog3", "dog6", "dog8", "cat"),
    ("colorful_sneaker", "fancy_boot"),
    ("bear_plushie", "monster_toy", "rc_car"),
    ("berry_bowl", "teapot", "can", "candle"),
)
"""Subjects of one kind, after the classes that the collection itself gives; backpack and clock stand alone."""

BACKGROUNDS = ("astronaut", "coffee", "rocket", "motorcycle_left", "chelsea", "grass", "gravel", "brick")
CANVAS = (1024, 1024)
AREA_FRACTIONS = (0.5, 0.25)
"""Share of a scene that a photograph takes when it is pasted into one."""


@dataclass(frozen=True, eq=False)
class Photo:
    """A photograph, whose it is, and how it is shown: "plain", "half", "quarter"."""

    subject: str
    name: str
    view: str
    pixels: Pixels


def products() -> Iterator[Photo]:
    """Yield every product photograph plain, then pasted at half and a quarter of a scene's area."""
    files = sorted((SHARED / "identity_products").glob("*/*.jpg"))
    scenes = backgrounds()
    for index, file in enumerate(files):
        pixels = load_image(file).pixels
        yield Photo(file.parent.name, file.name, "plain", pixels)
        for view, fraction in zip(("half", "quarter"), AREA_FRACTIONS, strict=True):
            yield Photo(file.parent.name, file.name, view, pasted(pixels, scenes[index % len(scenes)], fraction, index))


def people() -> Iterator[Photo]:
    """Yield every photograph of a person whose name folder or file states."""
    faces = SHARED / "faces"
    named: Mapping[str, list[Path]] = {
        **{folder.name: pictures(folder) for folder in sorted((faces / "bbt").iterdir()) if folder.is_dir()},
        **{
            folder.name: pictures(folder)
            for folder in sorted((faces / "photomaker").iterdir())
            if folder.is_dir() and folder.name != "lenna_woman"
        },
        "lecun": [faces / "pulid/example_inputs/lecun.jpg", faces / "instantid/examples/yann-lecun_resize.jpg"],
        **{file.stem: [file] for file in pictures(faces / "pulid/example_inputs") if file.stem != "lecun"},
    }
    for person, files in named.items():
        for file in files:
            yield Photo(person, file.name, "plain", load_image(file).on_background((255, 255, 255)).pixels)


def families() -> dict[str, frozenset[str]]:
    """Return subject → the others of its kind."""
    return {name: frozenset(family) - {name} for family in FAMILIES for name in family}


def pictures(folder: Path) -> list[Path]:
    """Return the picture files of a folder."""
    return sorted(file for file in folder.iterdir() if file.suffix.lower() in ENDINGS)


def backgrounds() -> list[Pixels]:
    """Return scenes of the canvas' size; being enlarged they are soft, as shallow focus is."""
    return [cv2.resize(load(name), CANVAS, interpolation=cv2.INTER_CUBIC) for name in BACKGROUNDS]


def load(name: str) -> Pixels:
    """Return a photograph that scikit-image carries, grey ones as colour."""
    pixels = skimage.data.stereo_motorcycle()[0] if name == "motorcycle_left" else getattr(skimage.data, name)()
    return np.ascontiguousarray(pixels if pixels.ndim == 3 else np.repeat(pixels[:, :, None], 3, axis=2))


def pasted(pixels: Pixels, scene: Pixels, fraction: float, seed: int) -> Pixels:
    """Return the scene with the photograph on `fraction` of its area, at a place drawn from the seed."""
    height, width = scene.shape[:2]
    side = min(round((height * width * fraction) ** 0.5), height, width)
    top, left = (int(place) for place in np.random.default_rng(seed).integers(0, (height - side + 1, width - side + 1)))
    picture = scene.copy()
    picture[top : top + side, left : left + side] = cv2.resize(pixels, (side, side), interpolation=cv2.INTER_AREA)
    return picture
