"""Does required text stand out from the background it touches?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import ClassVar, Self

import numpy as np

from consistency.errors import NotEvaluable
from consistency.region import Region
from qa.asset import Asset, Brief
from qa.checks.check import Rule
from qa.checks.required_texts import RequiredMatch, applying, required_texts
from qa.checks.text_options import ContrastOptions, TextOptions
from qa.color.contrast import Rgb, TextContrast, contrast_ratio, text_contrast
from qa.evidence import Evidence, Need
from qa.kit.kit import BrandKit
from qa.text.layout import Word
from qa.text.reader import Pixels
from qa.text.recognition import crop_quad
from qa.verdict import Finding, Fix, FixKind, Level, Limit, Scalar, Status

LARGE_CAP_HEIGHT = 24
"""Pixels. WCAG calls text large from 18 pt, 24 CSS pixels of font size; capitals this high are so at any scale."""

MARGIN = 0.25
"""Background looked at around a line, as a share of its height; at least three pixels."""

F32 = np.dtype[np.float32]

BLACK, WHITE = (0, 0, 0), (255, 255, 255)


@dataclass(frozen=True)
class Measured:
    """The contrast of one line and the limit it is held to."""

    contrast: TextContrast
    ratio: float
    limit: float


class ContrastCheck:
    """Contrast of each required text, measured where `text` found it; other text is not judged.

    Args:
        options: The kit's section `text`, of which it reads `required` and `contrast`.
    """

    name: ClassVar[str] = "contrast"
    version: ClassVar[int] = 2
    section: ClassVar[str] = "text"
    needs: frozenset[Need] = frozenset({Need.LINES})
    Options: ClassVar[type[TextOptions]] = TextOptions

    def __init__(self, options: TextOptions) -> None:
        self._options = options

    @classmethod
    def from_kit(cls, kit: BrandKit) -> Self | None:
        """Return the check, or None where the kit requires no text or puts contrast off."""
        options = kit.section(cls.section, TextOptions)
        return cls(options) if options.required and options.contrast.level is not Level.OFF else None

    def rules(self, brief: Brief) -> Sequence[Rule]:
        """Return the rules that apply under this brief."""
        options = self._options.contrast
        wanted = f"contrast of {options.ratio:g} or more"
        return [Rule(f"contrast.{e.id}", options.level, wanted) for e in applying(self._options, brief)]

    def judge(self, asset: Asset, evidence: Evidence) -> Sequence[Finding]:
        """Return one finding per required text.

        Raises:
            MissingBackend: The kit's reader is not on this machine.
        """
        if not self.rules(asset.brief):
            return []
        found = required_texts(self._options, evidence)
        backend = evidence.engines.reader().spec.id
        return [judge_contrast(m, evidence.image.pixels, self._options.contrast, backend) for m in found.matches]


def judge_contrast(match: RequiredMatch, pixels: Pixels, options: ContrastOptions, backend: str) -> Finding:
    """Return the finding about the contrast of one required text: that of its worst line."""
    large = "" if options.large_ratio == options.ratio else f", or {options.large_ratio:g} for large text"
    finding = Finding(
        rule=f"contrast.{match.entry.id}",
        check="contrast",
        code="met",
        level=options.level,
        status=Status.PASS,
        unit="ratio",
        limit=Limit(">=", options.ratio),
        expected=f"contrast of {options.ratio:g}{large}",
        backend=backend,
    )
    if match.span is None:
        # That the text is not there is for the rule `text.<id>` to say, and to block.
        missing = replace(finding, code="contrast.not_measured", status=Status.NOT_RUN)
        return replace(missing, observed="the text was not found")
    finding = replace(finding, where=Region(match.span.box))
    try:
        lines = [measure_line(words, pixels, options) for words in lines_of(match.span.words)]
    except NotEvaluable as problem:
        return replace(finding, code=problem.code, status=Status.NOT_EVALUABLE, observed=str(problem))
    return _judge_worst(finding, min(lines, key=lambda line: line.ratio / line.limit))


def lines_of(words: Sequence[Word]) -> list[tuple[Word, ...]]:
    """Return the words of a text, line by line."""
    return [tuple(line) for _, line in groupby(words, key=lambda word: id(word.line))]


def measure_line(words: Sequence[Word], pixels: Pixels, options: ContrastOptions) -> Measured:
    """Measure neighbouring words of one line; the ratio is rounded before anything compares it.

    Raises:
        NotEvaluable: The letters cannot be told from their background.
    """
    crop, margin = with_margin(words, pixels)
    contrast = text_contrast(crop, margin)
    is_large = contrast.cap_height >= LARGE_CAP_HEIGHT
    return Measured(contrast, round(contrast.ratio, 2), options.large_ratio if is_large else options.ratio)


def with_margin(words: Sequence[Word], pixels: Pixels) -> tuple[Pixels, int]:
    """Return words of one line straightened, with background around them, and how many pixels of it there are."""
    crop, margin, _ = with_margin_quad(words, pixels)
    return crop, margin


def with_margin_quad(words: Sequence[Word], pixels: Pixels) -> tuple[Pixels, int, np.ndarray[tuple[int, ...], F32]]:
    """Return what `with_margin` does, and the corners in the picture of what was straightened, 4×2."""
    first, last = words[0].quad, words[-1].quad
    quad = np.array([first[0], last[1], last[2], first[3]], np.float64)
    along, down = _unit(quad[1] - quad[0]), _unit(quad[3] - quad[0])
    height = float(np.linalg.norm(quad[3] - quad[0]))
    margin = max(3, round(MARGIN * height))
    outwards = np.array([-along - down, along - down, along + down, down - along])
    corners = (quad + margin * outwards).astype(np.float32)
    return crop_quad(pixels, corners), margin, corners


def _unit(
    vector: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return vector / max(float(np.linalg.norm(vector)), 1e-9)


def _judge_worst(finding: Finding, worst: Measured) -> Finding:
    contrast = worst.contrast
    judged = replace(
        finding,
        value=worst.ratio,
        limit=Limit(">=", worst.limit),
        observed=f"{hex_of(contrast.text)} on {hex_of(contrast.darkest)} to {hex_of(contrast.lightest)}",
        evidence={"cap_height": contrast.cap_height, "stroke_width": round(contrast.stroke_width, 1)},
    )
    if worst.ratio >= worst.limit:
        return judged
    return replace(judged, code="contrast.too_low", status=Status.FAIL, fixes=recolor(finding.where, worst))


def recolor(where: Region | None, measured: Measured) -> tuple[Fix, ...]:
    """Return the fix that takes the text to black or white, whichever is enough; none where neither is."""
    contrast = measured.contrast

    def worst_with(text: Rgb) -> float:
        return min(contrast_ratio(text, contrast.darkest), contrast_ratio(text, contrast.lightest))

    best = max((BLACK, WHITE), key=worst_with)
    if worst_with(best) < measured.limit:
        return ()
    wanted: dict[str, Scalar] = {"from": hex_of(contrast.text), "to": hex_of(best), "ratio": measured.limit}
    return (Fix(FixKind.RECOLOR, where, wanted),)


def hex_of(colour: Rgb) -> str:
    """Return a colour as "#rrggbb"."""
    return "#" + bytes(colour).hex()
