"""What a repair has to know of a text to take it away or to set it anew: where its rows stand, and how they are set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from consistency.errors import InputError
from consistency.region import Region
from qa.checks.required_texts import RequiredMatch
from qa.evidence import Evidence
from qa.text.layout import Word
from qa.text.matching import Span
from qa.text.setting import alignment, broken, quads_text, rows_of
from qa.text.sighting import typeset_of
from qa.verdict import Finding, Fix, FixKind, Scalar

ACROSS = ("left", "center", "right")


def with_setting(finding: Finding, match: RequiredMatch, evidence: Evidence) -> Finding:
    """Return a finding whose `retext` fix says how the text is set: rows, alignment, and font and colour as stated."""
    fixes = tuple(
        replace(fix, parameters={**fix.parameters, **setting_of(match, evidence)})
        if fix.kind is FixKind.RETEXT
        else fix
        for fix in finding.fixes
    )
    return replace(finding, fixes=fixes)


def setting_of(match: RequiredMatch, evidence: Evidence) -> dict[str, Scalar]:
    """Return how a required text is set, as a fix states it; no rows where they are not straight."""
    entry, verified = match.entry, match.verified
    stated: dict[str, Scalar] = {"font": entry.font[0]} if entry.font else {}
    if match.span is not None and verified is not None and verified.read and entry.font:
        stated["font_fit"] = font_fit(match.span, verified.read, evidence)
    if entry.color is not None:
        stated["color"] = entry.color.canonical
    if match.span is None or verified is None:
        return stated
    try:
        rows = rows_of(match.span.words)
        reads = [row.read for row in rows] if len(rows) > 1 else [verified.read or rows[0].read]
        wanted = broken(match.text, reads)
    except InputError:
        return stated
    if entry.case == "ignore" and all(read.isupper() for read in reads):
        wanted = tuple(row.upper() for row in wanted)
    asked = next((each.edge for each in entry.align if each.edge in ACROSS), None)
    side = asked or alignment(rows, evidence.lines(), evidence.image.width)
    corners = quads_text([row.quad for row in rows])
    return {**stated, "quads": corners, "read": "\n".join(reads), "set": "\n".join(wanted), "align": side}


def font_fit(span: Span, read: str, evidence: Evidence) -> float:
    """Return how sure what stands in the picture is set in the text's font, in [0, 1]: that as read, laid over it."""
    typeset = typeset_of(replace(span, expected=replace(span.expected, text=read)), evidence.image.pixels)
    lines = [] if typeset is None else typeset.lines
    return round(min((0.0 if line is None else line.best.trust for line in lines), default=0.0), 2)


def erasing(hits: Sequence[Sequence[Word]], regions: Sequence[Region], where: Region) -> Fix:
    """Return the fix that takes every one of several runs of words away.

    One fix covers every place: a plan takes the first fix that the policy allows.
    """
    parameters: dict[str, Scalar] = {"boxes": "; ".join(map(str, regions)), "count": len(regions)}
    try:
        quads = dict.fromkeys(row.quad for words in hits for row in rows_of(words))
        parameters["quads"] = quads_text(list(quads))
    except InputError:
        pass  # bent or stacked letters: the boxes have to do
    return Fix(FixKind.ERASE, where, parameters)
