"""How large required text is set, and where: height of its capitals, safe area, alignment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from consistency.errors import NotEvaluable
from consistency.region import Box, Region
from qa.asset import Brief
from qa.checks.check import Rule
from qa.checks.required_texts import RequiredMatch, applying
from qa.checks.text_ink import NOT_MEASURED, InkedLine, inked_lines
from qa.checks.text_options import RequiredText, TextOptions
from qa.checks.text_places import PICTURE, SIDES, Alignment, SafeArea
from qa.evidence import Evidence
from qa.kit.boxes import BoxSpec
from qa.kit.lengths import LengthRange
from qa.verdict import Finding, Limit, Status

Bounds = tuple[float, float, float, float]
"""Left, top, right, bottom."""

EDGES: Mapping[str, Callable[[Bounds], float]] = {
    "left": lambda bounds: bounds[0],
    "center": lambda bounds: (bounds[0] + bounds[2]) / 2,
    "right": lambda bounds: bounds[2],
    "top": lambda bounds: bounds[1],
    "middle": lambda bounds: (bounds[1] + bounds[3]) / 2,
    "bottom": lambda bounds: bounds[3],
}


@dataclass(frozen=True)
class Placed:
    """What is asked of one required text.

    Attributes:
        entry: The text.
        areas: The safe areas that apply.
        alignments: The alignments whose other text applies.
    """

    entry: RequiredText
    areas: tuple[SafeArea, ...]
    alignments: tuple[Alignment, ...]

    def rules(self) -> Iterator[Rule]:
        """Yield its rules."""
        if self.entry.cap_height:
            yield Rule(f"text.{self.entry.id}.cap_height", self.entry.level, f"capitals of {self.entry.cap_height}")
        if self.areas:
            yield Rule(f"text.{self.entry.id}.safe_area", self.entry.level, "text inside the safe area")
        if self.alignments:
            told = ", ".join(map(str, self.alignments))
            yield Rule(f"text.{self.entry.id}.align", self.entry.level, f"aligned: {told}")


def placed_texts(options: TextOptions, brief: Brief) -> tuple[Placed, ...]:
    """Return what is asked of each required text that applies under a brief."""
    entries = applying(options, brief)
    named = {entry.id for entry in entries}
    areas = tuple(area for area in options.safe_area if area.applies(brief))

    def alignments(entry: RequiredText) -> tuple[Alignment, ...]:
        return tuple(a for a in entry.align if not isinstance(a.to, str) or a.to == PICTURE or a.to in named)

    return tuple(Placed(e, areas, alignments(e)) for e in entries)


def placing_rules(options: TextOptions, brief: Brief) -> list[Rule]:
    """Return the rules about height and place that apply under a brief."""
    return [rule for placed in placed_texts(options, brief) for rule in placed.rules()]


def judge_placing(
    options: TextOptions, matches: Sequence[RequiredMatch], evidence: Evidence, backend: str
) -> list[Finding]:
    """Return one finding per rule of `placing_rules`; the ink is measured only where there are any."""
    asked = [placed for placed in placed_texts(options, evidence.asset.brief) if any(placed.rules())]
    if not asked:
        return []
    judge = _Judge({match.entry.id: match for match in matches}, evidence)
    return [replace(judge.judge(placed, rule), backend=backend) for placed in asked for rule in placed.rules()]


class _Judge:
    """The rules of one picture; each text's ink is measured once."""

    def __init__(self, matches: Mapping[str, RequiredMatch], evidence: Evidence) -> None:
        self._matches = matches
        self._evidence = evidence
        self._height, self._width = evidence.image.pixels.shape[:2]

    def judge(self, placed: Placed, rule: Rule) -> Finding:
        """Return the finding about one rule."""
        span = self._matches[placed.entry.id].span
        finding = Finding(
            rule=rule.id,
            check="text",
            code="met",
            level=rule.level,
            status=Status.PASS,
            expected=rule.description,
            where=Region(span.box) if span else None,
        )
        kind = rule.id.rpartition(".")[2]
        wanted = {"cap_height": self._height_of, "safe_area": self._safe, "align": self._aligned}[kind]
        try:
            return wanted(finding, placed)
        except _NotFound as missing:
            return replace(finding, code=NOT_MEASURED, status=Status.NOT_RUN, observed=str(missing))
        except NotEvaluable as problem:
            return replace(finding, code=problem.code, status=Status.NOT_EVALUABLE, observed=str(problem))

    def _lines(self, name: str) -> tuple[InkedLine, ...]:
        span = self._matches[name].span
        if span is None:
            # That it is not there is for the rule `text.<id>` to say, and to block.
            raise _NotFound(f"the text {name} was not found")
        return self._evidence.recall(("ink", span), lambda: inked_lines(span.words, self._evidence.image.pixels))

    def _height_of(self, finding: Finding, placed: Placed) -> Finding:
        lines = self._lines(placed.entry.id)
        heights = placed.entry.cap_height or LengthRange()
        low, high = min(line.cap_height for line in lines), max(line.cap_height for line in lines)
        finding = replace(finding, unit="px", value=low, evidence={"told_by": lines[0].told_by})
        if any(line.told_by in ("ascenders", "small letters") for line in lines):
            finding = replace(finding, assumptions=("the text has no capital: their height is told by other letters",))
        if heights.least and low < (least := heights.least.resolve(self._height)):
            return _unmet(replace(finding, limit=Limit(">=", least)), "text.too_small", f"capitals of {low:g} px")
        if heights.most and high > (most := heights.most.resolve(self._height)):
            finding = replace(finding, value=high, limit=Limit("<=", most))
            return _unmet(finding, "text.too_large", f"capitals of {high:g} px")
        bound = heights.least or heights.most
        if bound is None:
            return finding
        return replace(finding, limit=Limit(">=" if heights.least else "<=", bound.resolve(self._height)))

    def _safe(self, finding: Finding, placed: Placed) -> Finding:
        span = self._matches[placed.entry.id].span
        finding = replace(finding, unit="px", limit=Limit(">=", 0))
        try:
            ink = _around(self._lines(placed.entry.id))
        except NotEvaluable:
            # The box that the detector drew around the text holds all of its ink.
            if span is None or min(self._rooms(bounds_of(span.box), placed.areas).values()) < 0:
                raise
            ink = bounds_of(span.box)
        rooms = self._rooms(ink, placed.areas)
        value = round(min(rooms.values()), 1)
        if value >= 0:
            return replace(finding, value=value)
        told = ", ".join(f"{-room:.0f} px beyond {name}" for name, room in rooms.items() if round(room, 1) < 0)
        return _unmet(replace(finding, value=value), "text.outside_safe_area", told)

    def _rooms(self, ink: Bounds, areas: Sequence[SafeArea]) -> dict[str, float]:
        """Return how far the ink is from each limit, in pixels; negative where it is beyond."""
        rooms: dict[str, float] = {}
        sizes = (self._width, self._height, self._width, self._height)
        edges = (ink[0], ink[1], self._width - ink[2], self._height - ink[3])
        for area in areas:
            for which, side, size, edge in zip(SIDES, area.sides, sizes, edges, strict=True):
                name = f"the {which} margin of {side}"
                rooms[name] = min(edge - side.resolve(size), rooms.get(name, float("inf")))
            for spec in area.keep_out:
                box = spec.resolve(self._height, self._width)
                rooms[f"the edge of {box}"] = _apart(ink, bounds_of(box))
        return rooms

    def _aligned(self, finding: Finding, placed: Placed) -> Finding:
        lines = self._lines(placed.entry.id)
        worst = max(
            ((self._off(alignment, lines), alignment) for alignment in placed.alignments),
            key=lambda pair: abs(pair[0]) / max(self._tolerance(pair[1]), 0.1),
        )
        off, limit = worst[0], self._tolerance(worst[1])
        finding = replace(finding, unit="px", value=abs(off), limit=Limit("<=", limit))
        if abs(off) <= limit:
            return finding
        way = ("right of" if off > 0 else "left of") if worst[1].is_across else ("below" if off > 0 else "above")
        edge, target = worst[1].edge, worst[1].to
        told = f"{edge} {abs(off):g} px {way} that of {'the box' if isinstance(target, BoxSpec) else target}"
        own = f"the {edge} of its lines differs by {off:g} px"
        return _unmet(finding, "text.misaligned", told if target else own)

    def _tolerance(self, alignment: Alignment) -> float:
        return alignment.tolerance.resolve(self._width if alignment.is_across else self._height)

    def _off(self, alignment: Alignment, lines: Sequence[InkedLine]) -> float:
        """Return how far an edge is off, in pixels to the right or downwards; of several lines the worst."""
        edge = EDGES[alignment.edge]
        if not alignment.is_across:
            own = [edge(_capitals(lines))]
        else:
            own = [edge((line.left, 0, line.right, 0)) for line in lines]
        if alignment.to is None:
            return round(max(own) - min(own), 1)
        wanted = edge(self._target(alignment.to))
        return max((round(float(place - wanted), 1) for place in own), key=abs)

    def _target(self, to: str | BoxSpec) -> Bounds:
        if isinstance(to, BoxSpec):
            return bounds_of(to.resolve(self._height, self._width))
        return (0, 0, self._width, self._height) if to == PICTURE else _capitals(self._lines(to))


class _NotFound(Exception):
    """A text that has to be measured is not there."""


def bounds_of(box: Box) -> Bounds:
    """Return a box by its edges."""
    return box.left, box.top, box.right, box.bottom


def _around(lines: Sequence[InkedLine]) -> Bounds:
    return reduce(_union, ((line.left, line.top, line.right, line.bottom) for line in lines))


def _capitals(lines: Sequence[InkedLine]) -> Bounds:
    """Return the bounds of a text from the top of its first line's capitals to its last base line."""
    return reduce(_union, ((line.left, line.cap_top, line.right, line.baseline) for line in lines))


def _union(first: Bounds, second: Bounds) -> Bounds:
    return (
        min(first[0], second[0]),
        min(first[1], second[1]),
        max(first[2], second[2]),
        max(first[3], second[3]),
    )


def _apart(first: Bounds, second: Bounds) -> float:
    """Return how far two boxes are apart along the axis on which they are furthest; negative where they overlap."""
    across = max(second[0] - first[2], first[0] - second[2])
    down = max(second[1] - first[3], first[1] - second[3])
    return max(across, down)


def _unmet(finding: Finding, code: str, observed: str) -> Finding:
    return replace(finding, code=code, status=Status.FAIL, observed=observed)
