"""Texts drawn right and wrong by one glyph, in any face, size, colour and place: what each rule says of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from rates import rate

from text_scenes.extent import Extent
from text_scenes.faces import find_faces
from text_scenes.judging import Judged, judge_texts
from text_scenes.visibility import VISIBLE

SHOWN = 60
LARGE = 20.0
"""Cap height in pixels from which the stricter aims hold."""

ASPECTS: dict[str, Callable[[Judged], str]] = {
    "corruption": lambda judged: judged.corruption or "none",
    "kind": lambda judged: judged.kind,
    "size": lambda judged: judged.size,
    "background": lambda judged: judged.background,
    "turn": lambda judged: "turned" if judged.is_turned else "level",
}


def measure(extent: Extent) -> dict[str, object]:
    judged = judge_texts(extent)
    counts = Counter(each.group for each in judged)
    return {
        "seed": extent.seed,
        **{group: counts[group] for group in ("right", "wrong", "invisible")},
        "visible_from": VISIBLE,
        "faces": [face.name for face in find_faces()],
        "easyocr": extent.easyocr or "not measured: no weights",
        "rules": {rule: told(rule, judged) for rule in judged[0].statuses},
    }


def told(rule: str, judged: Sequence[Judged]) -> dict[str, object]:
    """Return the figures of one rule: over all, from 20 px, by what the texts differ in, and the texts it got wrong."""
    invisible = [each for each in judged if each.group == "invisible"]
    return {
        "all": errors(rule, judged),
        "from_20_px": errors(rule, [each for each in judged if each.cap_height >= LARGE]),
        **{f"by_{name}": by(aspect, rule, judged) for name, aspect in ASPECTS.items()},
        "invisible": dict(Counter(each.statuses[rule] for each in invisible)),
        "accepted_wrong": shown(each for each in judged if each.group == "wrong" and each.statuses[rule] == "match"),
        "invisible_called_mismatch": shown(each for each in invisible if each.statuses[rule] == "mismatch"),
        "refused_right": shown(each for each in judged if is_refused(rule, each)),
    }


def by(aspect: Callable[[Judged], str], rule: str, judged: Sequence[Judged]) -> dict[str, object]:
    values = sorted({aspect(each) for each in judged})
    return {value: errors(rule, [each for each in judged if aspect(each) == value]) for value in values}


def errors(rule: str, judged: Sequence[Judged]) -> dict[str, object]:
    right = [each for each in judged if each.group == "right"]
    wrong = [each.statuses[rule] for each in judged if each.group == "wrong"]
    said = [each.statuses[rule] for each in right]
    return {
        "false_accept": rate(wrong.count("match"), len(wrong)),
        "false_reject": rate(sum(is_refused(rule, each) for each in right), len(right)),
        "abstained_on_right": rate(said.count("abstained"), len(right)),
        "said_of_right": dict(Counter(said)),
        "said_of_wrong": dict(Counter(wrong)),
    }


def is_refused(rule: str, judged: Judged) -> bool:
    return judged.group == "right" and judged.statuses[rule] not in ("match", "abstained")


def shown(judged: Iterable[Judged]) -> list[str]:
    """Return the first of some texts in words, so that anybody can draw them again."""
    found = [
        f"{each.expected!r} drawn {each.drawn!r}, {each.cap_height:.0f} px, {each.face}, {each.background}, {each.seed}"
        for each in judged
    ]
    return found[:SHOWN]
