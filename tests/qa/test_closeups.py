"""What a finding about text is about is shown in the picture's own pixels."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from consistency.display import jpeg_bytes
from consistency.region import Box, Region
from qa.closeups import LONGEST_SIDE, MOST, closeups_of, part_around
from qa.reports.folder import RunRecorder
from qa.reports.html.page import render
from qa.reports.records import Run
from sample_run import TYPO, WRONG_COLOR, verdict

STRIPES = np.repeat(np.tile(np.array([[0, 255]], np.uint8), (3000, 1500))[:, :, None], 3, axis=2)
"""Columns one pixel wide: any smaller copy of it is grey."""


def decoded(data: bytes) -> np.ndarray:
    return np.asarray(Pillow.open(io.BytesIO(data)).convert("L")).astype(int)


@pytest.mark.parametrize("check", ["text", "glyphs"])
def test_a_close_up_has_the_pictures_own_pixels(check: str) -> None:
    small = replace(TYPO, check=check, where=Region(Box(700, 710, 100, 20)))
    ((part, data),) = closeups_of([small], STRIPES).items()
    assert part == Box(692, 702, 116, 36)
    shown = decoded(data)
    assert shown.shape == (36, 116)
    assert np.abs(np.diff(shown, axis=1)).mean() > 150


def test_long_lines_are_made_smaller_and_many_places_are_bounded() -> None:
    long = replace(TYPO, where=Region(Box(0, 10, 2900, 40)))
    (data,) = closeups_of([long], STRIPES).values()
    assert decoded(data).shape[1] == LONGEST_SIDE
    many = [replace(TYPO, where=Region(Box(0, 50 * at, 40, 20))) for at in range(2 * MOST)]
    assert len(closeups_of([*many, *many], STRIPES)) == MOST


@pytest.mark.parametrize(
    "finding",
    [replace(TYPO, where=None), replace(TYPO, where=Region(Box(4000, 10, 20, 20))), WRONG_COLOR],
    ids=["nowhere", "outside", "no text"],
)
def test_what_cannot_be_shown_has_no_close_up(finding) -> None:
    assert not closeups_of([finding], STRIPES)


def test_a_part_reaches_no_further_than_the_picture() -> None:
    assert part_around(Box(2, 3, 40, 10), 100, 30) == Box(0, 0, 30, 19)


def test_the_report_shows_the_close_up_that_was_kept(tmp_path: Path) -> None:
    small = replace(TYPO, where=Region(Box(700, 710, 100, 20)))
    judged = verdict("a.png", [small])
    grey = jpeg_bytes(np.full((64, 64, 3), 128, np.uint8))
    kept = replace(judged, preview=grey, closeups=closeups_of([small], STRIPES[:1024, :1024]))
    for one, is_sharp in ((kept, True), (replace(kept, closeups={}), False)):
        recorder = RunRecorder(Run("kit", "k" * 64), pictures=tmp_path / str(is_sharp))
        recorder.add(one)
        page = render(recorder.finish([], {}))
        (found,) = re.findall(r'<svg class="closeup".*?href="data:image/jpeg;base64,([^"]*)"', page, re.DOTALL)
        contrast = np.abs(np.diff(decoded(base64.b64decode(found)), axis=1)).mean()
        assert (contrast > 100) == is_sharp
