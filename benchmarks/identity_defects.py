"""Products that are not quite right: recoloured, another label, no logo, mirrored, stretched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from identity_looks import Looks, Photo, Pixels, unit
from identity_measures import Trials, measures
from numpy.typing import NDArray

from consistency.difference import difference_map, look_at, spread_over
from consistency.facets import MARGIN
from consistency.localisation import subject_box
from consistency.region import Box

SIDE = 768
PETS = frozenset({"cat", "dog", "dog3", "dog6", "dog8"})
HUE_TURN = 30
"""Of OpenCV's 180: 60°."""

STRETCH = 1.15

LABELS: Mapping[str, tuple[tuple[float, float, float, float], ...]] = {
    "can": (
        (0.35, 0.25, 0.62, 0.75),
        (0.33, 0.30, 0.66, 0.76),
        (0.39, 0.35, 0.60, 0.69),
        (0.56, 0.28, 0.74, 0.59),
        (0.36, 0.39, 0.66, 0.89),
        (0.50, 0.48, 0.68, 0.84),
    ),
    "berry_bowl": (
        (0.64, 0.48, 0.88, 0.76),
        (0.50, 0.47, 0.72, 0.74),
        (0.46, 0.62, 0.70, 0.82),
        (0.10, 0.61, 0.36, 0.85),
        (0.41, 0.60, 0.66, 0.84),
        (0.58, 0.50, 0.80, 0.72),
    ),
    "backpack": (
        (0.54, 0.51, 0.68, 0.60),
        (0.55, 0.50, 0.69, 0.61),
        (0.60, 0.68, 0.80, 0.83),
        (0.70, 0.67, 0.88, 0.80),
        (0.50, 0.66, 0.62, 0.78),
        (0.50, 0.66, 0.64, 0.80),
    ),
}
"""Left, top, right, bottom of print, lettering, badges, as fractions of each photograph in order; drawn by eye."""


KNOWN: dict[bytes, tuple[NDArray[np.float32], Box | None]] = {}


@dataclass(frozen=True, eq=False)
class Edited:
    """An edited photograph and where it was edited, H×W, where that is one place."""

    kind: str
    pixels: Pixels
    mask: NDArray[np.bool_] | None = None


MADE: dict[bytes, list[Edited]] = {}

QUICK_STEP = 5
"""One photograph of so many is edited in the quick size."""


def defects(looks: Looks, photos: Sequence[Photo], *, is_quick: bool = False) -> dict[str, object]:
    """Return for each kind of edit whether it scores lower than the unedited one, and whether the map points at it.

    `paired`: the share of pictures whose edit scores lower than the picture itself, ties half. `pooled`: the area
    under the curve of all unedited against all edited ones, subjects mixed. `points_at_it`: the share whose map is
    higher inside the edit than in the rest of the box; `peaks_in_it`: whose highest place lies inside.
    """
    small = [Photo(photo.subject, photo.name, photo.view, fitted(photo.pixels)) for photo in photos]
    rows: dict[str, list[tuple[float, float, float | None, float | None]]] = {}
    for index, photo in list(enumerate(small))[:: QUICK_STEP if is_quick else 1]:
        others = [each for place, each in enumerate(small) if each.subject == photo.subject and place != index]
        before = scored(looks, photo.pixels, others)
        for edit in edited(looks, small, index):
            after = scored(looks, edit.pixels, others)
            points, peaks = pointed(looks, edit, others)
            rows.setdefault(edit.kind, []).append((before, after, points, peaks))
    return {kind: rates(each) for kind, each in rows.items()}


def rates(rows: Sequence[tuple[float, float, float | None, float | None]]) -> dict[str, float]:
    """Return one kind's figures."""
    before, after = (np.array([row[place] for row in rows], float) for place in (0, 1))
    names = np.r_[np.zeros(len(rows), int), np.ones(len(rows), int)]
    pooled = measures(Trials(np.r_[before, after], np.zeros(2 * len(rows), int), names))[0]
    paired = ((before > after) + 0.5 * (before == after)).mean()
    found = {"pictures": len(rows), "paired": round(float(paired), 4), "pooled_auc": round(float(pooled), 4)}
    for name, place in (("points_at_it", 2), ("peaks_in_it", 3)):
        values = [row[place] for row in rows if row[place] is not None]
        if values:
            found[name] = round(float(np.mean(values)), 4)
    return found


def edited(looks: Looks, photos: Sequence[Photo], index: int) -> list[Edited]:
    """Return the edits that make sense for a photograph, made once."""
    key = photos[index].pixels.tobytes()
    if key not in MADE:
        MADE[key] = list(edits(looks, photos, index))
    return MADE[key]


def edits(looks: Looks, photos: Sequence[Photo], index: int) -> Iterator[Edited]:
    """Yield the edits that make sense for a photograph."""
    photo = photos[index]
    height, width = photo.pixels.shape[:2]
    if photo.subject not in PETS:
        yield recoloured(looks, photo.pixels)
    yield Edited("stretched", cv2.resize(photo.pixels, (round(width * STRETCH), height)))
    if photo.subject in LABELS:
        place = [each.name for each in photos if each.subject == photo.subject].index(photo.name)
        mask = np.zeros((height, width), bool)
        mask[rectangle(photo, place)] = True
        yield Edited("label_swapped", swapped(photos, photo, place), mask)
        yield Edited("logo_removed", cv2.inpaint(photo.pixels, mask.astype(np.uint8), 5, cv2.INPAINT_TELEA), mask)
        yield Edited("mirrored", np.ascontiguousarray(photo.pixels[:, ::-1]))


def recoloured(looks: Looks, pixels: Pixels) -> Edited:
    """Return the subject, cut out by GrabCut from where it is found, with its hues turned."""
    box = subject_box(looks.embedder.embed([pixels]), *pixels.shape[:2], margin=0.0)
    marks = np.full(pixels.shape[:2], cv2.GC_BGD, np.uint8)
    if box is not None:
        marks[box.slices] = cv2.GC_PR_FGD
    cv2.setRNGSeed(0)
    bgr = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    cv2.grabCut(bgr, marks, None, np.zeros((1, 65)), np.zeros((1, 65)), 3, cv2.GC_INIT_WITH_MASK)
    mask = (marks == cv2.GC_FGD) | (marks == cv2.GC_PR_FGD)
    hsv = cv2.cvtColor(pixels, cv2.COLOR_RGB2HSV)
    hsv[..., 0] = np.where(mask, (hsv[..., 0].astype(int) + HUE_TURN) % 180, hsv[..., 0])
    return Edited("recoloured", cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB), mask)


def swapped(photos: Sequence[Photo], photo: Photo, place: int) -> Pixels:
    """Return the photograph with another product's print on its label."""
    donors = [each for each in LABELS if each != photo.subject]
    donor = [each for each in photos if each.subject == donors[place % 2]][place % 4]
    patch = donor.pixels[rectangle(donor, place % 4)]
    picture = photo.pixels.copy()
    rows, columns = rectangle(photo, place)
    picture[rows, columns] = cv2.resize(patch, (columns.stop - columns.start, rows.stop - rows.start))
    return picture


def rectangle(photo: Photo, place: int) -> tuple[slice, slice]:
    """Return the rows and columns of a photograph's label."""
    height, width = photo.pixels.shape[:2]
    left, top, right, bottom = LABELS[photo.subject][place]
    return slice(int(top * height), int(bottom * height)), slice(int(left * width), int(right * width))


def scored(looks: Looks, pixels: Pixels, others: Sequence[Photo]) -> float:
    """Return the similarity of a picture to the mean of others."""
    references = np.stack([looks.reference(each) for each in others])
    return float(looks.reference(Photo("", "", "", pixels)) @ unit(references.mean(axis=0)))


def pointed(looks: Looks, edited: Edited, others: Sequence[Photo]) -> tuple[float | None, float | None]:
    """Return whether the map is higher inside the edit than outside, and whether it peaks there."""
    if edited.mask is None:
        return None, None
    seen, box = features(looks, edited.pixels)
    values = spread_over(
        difference_map(seen, [features(looks, each.pixels)[0] for each in others]), box, *edited.mask.shape
    )
    part = slice(None) if box is None else box.slices
    inside, shown = edited.mask[part], values[part]
    if inside.all() or not inside.any():
        return None, None
    peak = np.unravel_index(int(values.argmax()), values.shape)
    return float(shown[inside].mean() > shown[~inside].mean()), float(edited.mask[peak])


def features(looks: Looks, pixels: Pixels) -> tuple[NDArray[np.float32], Box | None]:
    """Return the map of the subject's features and where it was found."""
    key = pixels.tobytes()
    if key not in KNOWN:
        embed = looks.embedder.embed
        box = subject_box(embed([pixels]), *pixels.shape[:2], margin=MARGIN)
        found = look_at(pixels, box, embed)
        if found is None:
            raise SystemExit("the default embedder has no dense features")
        KNOWN[key] = found, box
    return KNOWN[key]


def fitted(pixels: Pixels) -> Pixels:
    """Return the picture with its longer side at most `SIDE`."""
    scale = min(1.0, SIDE / max(pixels.shape[:2]))
    return cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
