"""How a face is seen: how sure the detector is, how large it is, which way it is turned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consistency.faces.alignment import TEMPLATE
from consistency.faces.finder import Face

FEWEST_PIXELS = 1.0
"""Pixels between the eyes, and from eyes to mouth: below, landmarks fall together and say nothing of a turn."""


@dataclass(frozen=True)
class FaceView:
    """Quality and pose of one face, from what every face finder gives: a score, a box, five landmarks.

    Noted, never judged: a low similarity of a face in profile says less than one of a face that looks at the camera.

    Attributes:
        detection: The detector's confidence in [0, 1].
        pixels: Shorter side of the face's box.
        roll_degrees: The line of the eyes against the picture's rows, in (-180, 180]; clockwise is positive.
        turn: Where the nose lies between the eyes, along their line, over half their distance: 0 facing the camera, 1
            the nose below the eye on the picture's right. None where the eyes fall together.
        nod: How far down the nose lies from eyes to mouth, less that of a face looking straight ahead: positive looking
            down. None where the mouth is not below the eyes.
    """

    detection: float
    pixels: int
    roll_degrees: float
    turn: float | None
    nod: float | None


def view_of(face: Face) -> FaceView:
    """Return how a face is seen, angles rounded to 0.1 degree, ratios to 2 decimals."""
    points = face.landmarks.astype(np.float64)
    eyes = points[1] - points[0]
    roll = float(np.degrees(np.arctan2(eyes[1], eyes[0])))
    turn, nod = _turn(points), _nod(points)
    straight = _nod(TEMPLATE) or 0.0
    return FaceView(
        round(face.score, 3),
        min(face.box.width, face.box.height),
        round(roll, 1) + 0.0,
        None if turn is None else round(turn, 2) + 0.0,
        None if nod is None else round(nod - straight, 2) + 0.0,
    )


def _turn(points: NDArray[np.float64]) -> float | None:
    distance, along, _ = _axes(points)
    if distance < FEWEST_PIXELS:
        return None
    return float((points[2] - points[:2].mean(axis=0)) @ along) / (distance / 2)


def _nod(points: NDArray[np.float64]) -> float | None:
    distance, _, down = _axes(points)
    middle = points[:2].mean(axis=0)
    to_mouth = float((points[3:].mean(axis=0) - middle) @ down)
    if distance < FEWEST_PIXELS or to_mouth < FEWEST_PIXELS:
        return None
    return float((points[2] - middle) @ down) / to_mouth


def _axes(points: NDArray[np.float64]) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """Return the distance of the eyes, the direction along them, and the one at right angles to it, downwards."""
    eyes = points[1] - points[0]
    distance = float(np.hypot(*eyes))
    along = eyes / max(distance, 1e-12)
    return distance, along, np.array([-along[1], along[0]])
