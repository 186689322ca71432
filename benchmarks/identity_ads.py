"""The changes of an anchor on rendered ads, which had no part in choosing its measures and limits."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np
from identity_defects import HUE_TURN, STRETCH
from identity_looks import Looks, Pixels

from consistency import Anchor
from consistency.changes import KINDS, Change, changes_of
from consistency.errors import ImageError
from consistency.image import load_image
from consistency.region import Box
from qa.demo.campaign import write_campaign

WITHOUT = frozenset({"wrong_product", "truncated"})
"""Faults of ads that do not show the bottle."""


def rendered_ads(looks: Looks) -> dict[str, dict[str, int]]:
    """Return kind → ads, how many are told unedited and alarm, how many are told edited as a whole and found."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_campaign(folder, 0)
        views = [folder / "refs" / "bottle" / f"{view}.png" for view in ("front", "left", "right")]
        anchor = Anchor.from_references("bottle", views, embedder=looks.embedder)
        truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["assets"]
        shown = [folder / "assets" / each["name"] for each in truth if not WITHOUT & set(each["faults"])]
        ads = [pixels for pixels in map(read, shown) if pixels is not None]
        told = [told_of(anchor, pixels) for pixels in ads]
    return {
        kind: counts([before[kind] for before, _ in told], [after.get(kind) for _, after in told]) for kind in KINDS
    }


def read(path: Path) -> Pixels | None:
    """Return an ad's pixels; None of one that is damaged on purpose."""
    try:
        return load_image(path).pixels
    except ImageError:
        return None


def told_of(anchor: Anchor, pixels: Pixels) -> tuple[Mapping[str, Change], dict[str, Change]]:
    """Return the changes of an ad, and kind → change of the ad edited in that way, the subject's place known."""
    score = anchor.score(pixels)
    height, width = pixels.shape[:2]
    box = score.facets["subject"].box or Box(0, 0, width, height)
    hsv = cv2.cvtColor(pixels, cv2.COLOR_RGB2HSV)
    hsv[..., 0] = (hsv[..., 0].astype(int) + HUE_TURN) % 180
    wide = cv2.resize(pixels, (round(width * STRETCH), height))
    left = round(box.left * STRETCH)
    edits = {
        "mirrored": (np.ascontiguousarray(pixels[:, ::-1]), Box(width - box.right, box.top, box.width, box.height)),
        "stretched": (wide, Box(left, box.top, min(round(box.width * STRETCH), wide.shape[1] - left), box.height)),
        "recoloured": (cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB), box),
    }
    return score.changes, {kind: changes_of(*edit, anchor.views)[kind] for kind, edit in edits.items()}


def counts(before: list[Change], after: list[Change | None]) -> dict[str, int]:
    """Return how many are told and likely, before and after an edit; nothing of kinds that no edit was made for."""
    found = {"ads": len(before), "told": sum(each.value is not None for each in before),
             "alarms": sum(each.is_likely is True for each in before)}  # fmt: skip
    edited = [each for each in after if each is not None]
    if edited:
        told = sum(each.value is not None for each in edited)
        found |= {"edited_told": told, "edited_found": sum(each.is_likely is True for each in edited)}
    return found
