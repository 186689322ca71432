"""When looks are enough to say that a text is right, or wrong; else to look once more, and in the end to abstain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from qa.text.alike import Kind, is_untold, kind_of
from qa.text.change import Change
from qa.text.looks import NEARER, ROOMY, VIEWS, Look
from qa.text.spelling import Rules, count_edits


class Outcome(StrEnum):
    """What looks say so far."""

    RIGHT = "right"
    WRONG = "wrong"
    DOUBT = "doubt"


MOST = 12.0
"""What one look counts at most, either way, so that none decides alone; a rival that it does not name counts this."""


@dataclass(frozen=True)
class Weighing:
    """What counts over rivals of one kind.

    Attributes:
        sure: Standing over a rival from which a text is right.
        line_most: What the looks at the line count at most for the text beside a letter's own shape: among figures and
            letters that look alike a recogniser reads what it expects, whatever is drawn.
        shape_for: How often a letter's own shape counts where it speaks for the text …
        shape_against: … and where it speaks against it.
        unseen: What the text loses where its letter should be looked at alone and cannot be: letters run together, or
            the background is cluttered.
    """

    sure: float
    line_most: float = MOST
    shape_for: float = 1.0
    shape_against: float = 1.0
    unseen: float = 0.0


WEIGHING: Mapping[Kind, Weighing] = {
    Kind.OTHER: Weighing(0.5, shape_for=2.0, unseen=1.0),
    Kind.REPEAT: Weighing(3.0, unseen=1.0),
    Kind.ACCENT: Weighing(-3.0, shape_for=2.0),
    Kind.ALIKE: Weighing(0.0, line_most=6.0, unseen=2.0),
    Kind.LETTER: Weighing(1.5, line_most=6.0, unseen=3.0),
    Kind.FIGURE: Weighing(1.0, line_most=2.0, shape_against=1.5, unseen=7.0),
    Kind.SIZE: Weighing(4.0, line_most=8.0, shape_for=1.5, unseen=2.0),
}
"""After `tools/derive_text_limits.py`, which draws other pictures than those that figures are from; stricter by hand
where that costs little. No wrong text that one kind alone stopped came within half of its limit, but for SIZE."""

SURE_AT_ONCE = 5.0
"""Least margin with which one look is enough for a text that is not critical."""

AGAINST = -4.0
"""Standing from which a text is wrong …"""

FAR_AGAINST = -8.0
"""… and where look-alikes alone make the difference."""

CLUTTER = 6.0
"""How much likelier than the text the same with a letter before or after it must be where only one look shows that
place: the edge of a badge was as likely a 1 as not, letters that a box had cut off were 8 and more likelier."""

CONTRADICTED = 1.0
"""How much letters' shapes must speak for the text for it not to be called wrong by what a line is read as."""

PLAIN = 4.0
"""How much letters' shapes must speak for a text of which every look holds one change for likelier, if that change is
no look-alike."""

NEARLY = 4.0
"""A change that stands no further from the likeliest explains what is seen nearly as well."""

AGREEING, REFUSING = 2, 3
"""Looks that must be for a critical text before it matches, and against any before it does not; two are enough where
both are as much against it as one look can be."""

Weights = Mapping[Change, float | None]
"""How much a letter's own shape speaks for the expected text against a change of it, as a natural logarithm; None where
it cannot be told."""


def decide(expected: str, looks: Sequence[Look], weights: Weights, rules: Rules, *, is_critical: bool) -> Outcome:
    """Return what the looks taken so far say; DOUBT asks for another.

    Args:
        expected: The text as compared.
        looks: In the order taken, at least one.
        weights: Of the changes whose letters were looked at alone.
        rules: What counts as the same.
        is_critical: Whether a match needs two looks that agree even where the first is sure.
    """
    if rules.max_edits:
        return _tolerant(expected, looks, rules)
    if not is_critical and looks[0].least >= SURE_AT_ONCE:
        return Outcome.RIGHT
    standing = standings(looks, weights)
    is_sure = all(value >= WEIGHING[change.kind].sure for change, value in standing.items())
    if len(looks) >= AGREEING and is_sure and not _is_read_otherwise(looks, weights):
        return Outcome.RIGHT
    enough = AGREEING if all(each.least <= -MOST for each in looks) else REFUSING
    is_against = sum(each.least < 0 for each in looks) >= enough and not _is_contradicted(looks, weights)
    if is_against and _is_refused(expected, looks, standing):
        return Outcome.WRONG
    return Outcome.DOUBT


def standings(
    looks: Sequence[Look], weights: Weights, weighing: Mapping[Kind, Weighing] = WEIGHING
) -> dict[Change, float]:
    """Return, for each change that a look or a letter's shape names, how far the expected text stands above it.

    The mean of the looks' margins, each bounded, and what the letter's own shape adds.
    """
    changes = dict.fromkeys((*(change for each in looks for change in each.margins), *weights))
    is_one_line = all(change.piece == 0 for change in changes)
    lines = {change: _together(change, looks, is_one_line=is_one_line) for change in changes}
    return {
        change: round(_standing(line, weights.get(change, 0.0), weighing[change.kind]), 2)
        for change, line in lines.items()
    }


def _standing(line: float, weight: float | None, counts: Weighing) -> float:
    if weight is None:
        return line - counts.unseen
    return min(line, counts.line_most) + weight * (counts.shape_for if weight > 0 else counts.shape_against)


def _together(change: Change, looks: Sequence[Look], *, is_one_line: bool) -> float:
    """Return the mean of the bounded margins over a change, of those looks that can tell.

    What is missing at an end of a line is told by the roomy looks, the best of them; a small sign doubled there by the
    worst of them. More before or after it has to be plain in the nearer of them, unless the text goes on in another
    line, which that look may show: beside a text a background often looks like a letter, but seldom much.
    """
    roomy = {each.name: _margin(each, change) for each in looks if each.name in ROOMY}
    if roomy and change.is_cut:
        return max(roomy.values())
    if roomy and change.is_grown:
        return min(roomy.values())
    mean = _mean([_margin(each, change) for each in looks])
    is_shown = NEARER in roomy and change.is_longer and is_one_line
    return min(mean, roomy[NEARER] + CLUTTER) if is_shown else mean


def _margin(seen: Look, change: Change) -> float:
    return max(-MOST, min(MOST, seen.margins.get(change, MOST)))


def _is_read_otherwise(looks: Sequence[Look], weights: Weights) -> bool:
    """Whether every look reads one change that is no look-alike, and the letters' shapes do not plainly contradict."""
    read = {change for change, margin in looks[0].margins.items() if margin < 0 and change.kind is Kind.OTHER}
    return any(
        (weights.get(change) or 0.0) < PLAIN and all(_margin(each, change) < 0 for each in looks) for change in read
    )


def _is_contradicted(looks: Sequence[Look], weights: Weights) -> bool:
    """Whether the letters' own shapes speak against what most looks read."""
    read = Counter(each.read for each in looks if each.least < 0).most_common(1)[0][0]
    return any(change.rival == read and (weight or 0.0) > CONTRADICTED for change, weight in weights.items())


def _is_refused(expected: str, looks: Sequence[Look], standing: Mapping[Change, float]) -> bool:
    """Whether the looks together are against a text; what nobody could tell never is, look-alikes seldom."""
    against = [each for each in looks if each.least < 0]
    if _is_cut_unseen(looks, standing):
        return False
    if any(is_untold(expected, each.read) for each in against) or _may_be_untold(standing):
        return False
    is_alike = any(kind_of(expected, each.read) not in (Kind.OTHER, Kind.REPEAT) for each in against)
    together = min(_mean([each.least for each in looks]), min(standing.values(), default=0.0))
    return together <= (FAR_AGAINST if is_alike else AGAINST)


def _may_be_untold(standing: Mapping[Change, float]) -> bool:
    """Whether a change that nobody could see explains what the looks say nearly as well as the likeliest."""
    best = min(standing.values(), default=0.0)
    near = (change for change, value in standing.items() if value <= min(best + NEARLY, 0.0))
    return any(is_untold(change.expected, change.rival) for change in near)


def _is_cut_unseen(looks: Sequence[Look], standing: Mapping[Change, float]) -> bool:
    """Whether what speaks most against a text is that its end is missing, and no look has shown more than the box."""
    worst = min(standing, key=lambda change: (standing[change], change), default=None)
    is_seen = any(each.name in ROOMY for each in looks) or all(each.name not in VIEWS for each in looks)
    return worst is not None and worst.is_cut and not is_seen


def _mean(values: Sequence[float]) -> float:
    return round(float(np.mean(values)), 2)


def _tolerant(expected: str, looks: Sequence[Look], rules: Rules) -> Outcome:
    edits = [count_edits(expected, each.read, rules) for each in looks]
    within = sum(count <= rules.max_edits for count in edits)
    if edits[0] <= rules.max_edits or within >= AGREEING:
        return Outcome.RIGHT
    return Outcome.WRONG if len(edits) - within >= REFUSING else Outcome.DOUBT
