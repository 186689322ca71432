"""Faces that were photographed, generated as if photographed, or drawn, each labelled by looking at it.

From the pictures beside the project (`shared/data`), from scikit-image and from InsightFace.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import insightface
import numpy as np
import skimage.data
from photo_collections import SHARED, Pixels, people

from consistency.faces.finder import Face, FaceFinder
from consistency.image import load_image

FACES = SHARED / "faces"
GENERATED = SHARED / "generated_vs_reference/assets"
POSTERS = SHARED / "text/posters/assets/readme_images"
INSIGHTFACE = Path(insightface.__file__).parent / "data/images"
ASTRONAUT = Path(skimage.data.__file__).parent / "astronaut.png"

Kind = Literal["photographed", "generated", "drawn"]

SMALLEST, SUREST = 40, 0.6
"""Pixels and confidence of faces on pictures that show several."""

ALIKE = 0.35
"""Cosine from which a face on a still of a series is that of the actor it is most like."""

PAINTED = "newton_man"
"""Of the people that `photo_collections` names the one who lived before photography."""

SINGLE: Mapping[str, str] = {
    "instantid/examples/kaifu_resize.png": "kaifu",
    "instantid/examples/musk_resize.jpeg": "musk",
    "instantid/examples/sam_resize.png": "sam",
    "instantid/examples/schmidhuber_resize.png": "schmidhuber",
    "instantid/examples/poses/pose.jpg": "pose",
    "instantid/examples/poses/pose2.jpg": "pose2",
    "instantid/examples/poses/pose3.jpg": "pose3",
    "instantid/examples/poses/pose4.jpg": "pose4",
    "photomaker/lenna_woman/lenna.jpg": "lenna",
    "photomaker/pos_ref.png": "pos_ref",
    **{f"bbt/{name}.jpg": name for name in ("angry", "disgusted", "fearful", "happy", "neutral", "sad", "surprised")},
}
"""Photographs of one person each, by file."""

STILLS = tuple(f"bbt/bbt{number}.jpg" for number in range(1, 6))

SHEETS: Mapping[str, Mapping[tuple[int, int], str]] = {
    "simplecase.jpg": {
        (903, 2912): "drawn 1", (217, 2268): "audrey", (244, 2958): "drawn 2", (35, 2846): "green",
        (743, 2849): "green", (1687, 2938): "drawn 3", (1683, 2150): "einstein", (987, 2262): "audrey",
        (1009, 1492): "girl", (1467, 2847): "man", (1474, 2149): "einstein", (749, 2143): "audrey",
        (1464, 1447): "blonde", (1688, 1440): "blonde", (45, 2149): "audrey", (290, 1483): "blonde 2",
    },
    "teaser.jpg": {
        (95, 1002): "green", (136, 1457): "man", (2427, 1084): "drawn 4", (75, 2351): "girl", (1932, 1907): "audrey",
        (1952, 2328): "einstein", (569, 1045): "drawn 2", (2446, 2336): "", (2055, 1482): "drawn 4",
        (582, 1448): "drawn 3", (2463, 1959): "audrey", (587, 2355): "", (1483, 538): "drawn 5",
        (1015, 545): "drawn 5", (2023, 1582): "drawn 6", (2414, 1572): "drawn 4", (2173, 1414): "drawn 7",
        (2543, 1590): "drawn 6", (1629, 572): "drawn 8",
    },
}  # fmt: skip
"""Generated pictures side by side: who is where, by a face's left and top; "" where nobody can say how it is made."""

RESULTS: Mapping[str, str] = {
    "2one2one/result": "dress",
    "5many2one/ref1": "blonde",
    "5many2one/result": "blonde",
    "6t2i/result": "sunflowers",
}
"""Generated pictures of one person each."""

NEAR = 12
"""Pixels by which a face may lie beside its place in SHEETS."""


@dataclass(frozen=True, eq=False)
class Portrait:
    """A face on a picture, whose it is and how it was made."""

    person: str
    name: str
    kind: Kind
    pixels: Pixels
    face: Face


def portraits(finder: FaceFinder) -> Iterator[Portrait]:
    """Yield every labelled face that the finder finds."""
    yield from named(finder)
    yield from stills(finder)
    for file, person in SINGLE.items():
        yield from largest(finder, FACES / file, person)
    yield from largest(finder, ASTRONAUT, "astronaut")
    yield from largest(finder, INSIGHTFACE / "Tom_Hanks_54745.png", "hanks")
    yield from everybody(finder, INSIGHTFACE / "t1.jpg", "friends")
    yield from generated(finder)
    yield from largest(finder, FACES / "instantid/examples/poses/pose_MonaLisa.png", "mona lisa", "drawn")
    yield from largest(finder, POSTERS / "gallery_text-inpainting.jpg", "poster", "drawn")
    yield from largest(finder, POSTERS / "demo.jpg", "poster 2", "drawn")


def named(finder: FaceFinder) -> Iterator[Portrait]:
    """Yield those of whom the collection says who they are."""
    for photo in people():
        kind: Kind = "drawn" if photo.subject == PAINTED else "photographed"
        for face in finder.find([photo.pixels])[0][:1]:
            yield Portrait(photo.subject, photo.name, kind, photo.pixels, face)


def stills(finder: FaceFinder) -> Iterator[Portrait]:
    """Yield faces on stills of the series whose actors `named` has, as one of them where they are alike."""
    cast = [each for each in named(finder) if each.pixels.shape[:2] == (150, 150)]
    for file in STILLS:
        for each in everybody(finder, FACES / file, file):
            alike = [(cosine(each.face, other.face), other.person) for other in cast]
            nearest = max(alike)
            person = nearest[1] if nearest[0] > ALIKE else each.person
            yield Portrait(person, each.name, each.kind, each.pixels, each.face)


def generated(finder: FaceFinder) -> Iterator[Portrait]:
    """Yield faces on generated pictures, photographic and drawn."""
    for name, person in RESULTS.items():
        yield from largest(finder, GENERATED / f"examples/{name}.png", person, "generated")
    for sheet, places in SHEETS.items():
        pixels = read(GENERATED / sheet)
        for face in finder.find([pixels])[0]:
            person = next((who for place, who in places.items() if is_near(face, place)), "")
            kind: Kind = "drawn" if person.startswith("drawn") else "generated"
            if person:
                yield Portrait(person, f"{sheet} {face.box}", kind, pixels, face)


def largest(finder: FaceFinder, file: Path, person: str, kind: Kind = "photographed") -> Iterator[Portrait]:
    """Yield the largest face of a picture."""
    pixels = read(file)
    for face in finder.find([pixels])[0][:1]:
        yield Portrait(person, file.name, kind, pixels, face)


def everybody(finder: FaceFinder, file: Path, group: str) -> Iterator[Portrait]:
    """Yield every clear face of a photograph, each as a person of its own."""
    pixels = read(file)
    clear = [face for face in finder.find([pixels])[0] if is_clear(face)]
    for index, face in enumerate(clear):
        yield Portrait(f"{group} {index}", f"{file.name} {index}", "photographed", pixels, face)


def is_clear(face: Face) -> bool:
    """Whether a face is large and sure enough to be somebody's."""
    return min(face.box.width, face.box.height) >= SMALLEST and face.score >= SUREST


def is_near(face: Face, place: Sequence[int]) -> bool:
    """Whether a face starts at a place."""
    return abs(face.box.left - place[0]) <= NEAR and abs(face.box.top - place[1]) <= NEAR


def cosine(first: Face, second: Face) -> float:
    """Return how alike two faces are."""
    return float(np.dot(np.asarray(first.embedding), np.asarray(second.embedding)))


def read(file: Path) -> Pixels:
    """Return a picture's pixels on white."""
    return load_image(file).on_background((255, 255, 255)).pixels
