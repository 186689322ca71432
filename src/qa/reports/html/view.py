"""What the page shows of a run: cards, findings, counts, as plain mappings that the templates walk through."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from qa.closeups import OF_LETTERS
from qa.reports.html.closeup import closeup_view
from qa.reports.html.comparison import comparison, gauge
from qa.reports.html.pictures import Pictures
from qa.reports.html.plot import plot_view
from qa.reports.jsonl import StoredRun
from qa.reports.summary import group_of, grouped, is_blocking
from qa.reports.wording import (
    STATUS_WORDS,
    batch_passes,
    batch_troubles,
    boxes_in,
    code_words,
    figure,
    fix_words,
    limit_words,
    not_run,
    notices,
    reasons,
    warnings,
    where_words,
)

View = dict[str, Any]

GROUPS = {"reject": "rejected", "review": "to review", "fix": "to fix", "accept": "accepted"}
PILLS = {"reject": "Reject", "review": "Review", "fix": "Fix", "accept": "Accept"}


def page_view(run: StoredRun) -> View:
    """Return everything the page shows."""
    pictures = Pictures(run)
    rules = troubled_rules(run.verdicts)
    numbers = {rule: number for number, (rule, _) in enumerate(rules)}
    cards = [card_view(verdict, index, pictures, numbers) for index, verdict in enumerate(run.verdicts)]
    anchors = {card["name"]: card["anchor"] for card in cards}
    counts = grouped(run.verdicts)
    return {
        "kit": run.run["kit"],
        "as_of": run.run["as_of"],
        "headline": headline(counts, len(cards)),
        "groups": [{"id": group, "words": words, "count": counts[group]} for group, words in GROUPS.items()],
        "bar": bar(counts),
        "agreement": agreement(run.batch),
        "notices": notices(run.run, run.verdicts, run.batch, run.is_torn),
        "rules": [{"number": numbers[rule], "rule": rule, "count": count} for rule, count in rules],
        "audit": sum(verdict["audit"] for verdict in run.verdicts),
        "cards": sorted(cards, key=lambda card: card["rank"]),
        "batch": [batch_view(finding, anchors) for finding in batch_troubles(run.batch)],
        "steady": [drawn for finding in batch_passes(run.batch) if (drawn := plot_view(finding, anchors)) is not None],
        "not_checked": run.run["not_checked"],
        "timings": timings(run),
        "details": details(run),
    }


def headline(counts: Mapping[str, int], total: int) -> str:
    """Return the outcome in one sentence."""
    if not total:
        return "Nothing was judged"
    if counts["accept"] == total:
        return "Every asset accepted" if total > 1 else "The asset is accepted"
    return f"{counts['accept']} of {total} assets accepted"


def bar(counts: Mapping[str, int]) -> list[View]:
    """Return the groups as parts of a bar 1000 wide, accepted first."""
    total, start, parts = sum(counts.values()) or 1, 0.0, []
    for group in reversed(GROUPS):
        width = 1000 * counts[group] / total
        if width:
            parts.append({"id": group, "start": round(start, 2), "width": round(width, 2)})
        start += width
    return parts


def agreement(batch: Mapping[str, Any] | None) -> list[View]:
    """Return in a demo how often verdicts agree with what was planted."""
    shares = (batch or {}).get("agreement") or {}
    return [{"of": name, "percent": f"{100 * share:.4g}"} for name, share in shares.items()]


def troubled_rules(verdicts: Sequence[Mapping[str, Any]]) -> list[tuple[str, int]]:
    """Return the rules that were not met, and on how many assets, the most frequent first."""
    unmet = [{f["rule"] for f in (*reasons(verdict), *warnings(verdict))} for verdict in verdicts]
    counts = Counter(rule for rules in unmet for rule in rules)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def card_view(verdict: Mapping[str, Any], index: int, pictures: Pictures, numbers: Mapping[str, int]) -> View:
    """Return the card of an asset."""
    asset, group = verdict["asset"], group_of(verdict)
    made_it, noted = reasons(verdict), warnings(verdict)
    met = [finding for finding in verdict["findings"] if finding["status"] == "pass"]
    marks = Marks()
    shown = [[finding_view(f, marks) for f in part] for part in (made_it, noted, met)]
    for finding, record in zip((*shown[0], *shown[1]), (*made_it, *noted), strict=True):
        if record["check"] in OF_LETTERS:
            size = (asset["width"], asset["height"])
            finding["closeup"] = closeup_view(
                record, size, pictures.preview(asset["key"]), partial(pictures.closeup, asset["key"])
            )
    for finding in shown[0] if verdict["plan"] else ():
        finding["fixes"] = []  # the plan says them
    return {
        "anchor": f"asset-{index + 1}",
        "index": index,
        "rank": (list(GROUPS).index(group), not made_it, not noted, index),
        "group": group,
        "pill": PILLS[group],
        "next": verdict["next"],
        "name": asset["name"],
        "size": f"{asset['width']} × {asset['height']}" if asset["width"] else "",
        "key": asset["key"],
        "brief": verdict["brief"]["id"] if verdict["brief"]["id"] != asset["name"] else "",
        "badges": badges(verdict),
        "picture": pictures.uri(asset["key"]),
        "width": asset["width"],
        "height": asset["height"],
        "marks": marks.placed,
        "reasons": shown[0],
        "warnings": shown[1],
        "met": shown[2],
        "not_run": not_run(verdict),
        "plan": [fix_words(fix) for fix in verdict["plan"]],
        "rules": sorted({numbers[f["rule"]] for f in (*made_it, *noted)}),
        "is_quiet": not made_it and not noted,
    }


def badges(verdict: Mapping[str, Any]) -> list[str]:
    """Return what else is to be known about a verdict."""
    said = {
        "needs a person": verdict["needs_review"] and verdict["decision"] == "reject",
        "audit": verdict["audit"],
        f"attempt {verdict['attempt']}": verdict["attempt"] > 1,
        "not final": not verdict["final"],
    }
    return [words for words, is_so in said.items() if is_so]


class Marks:
    """The numbered boxes on one picture."""

    def __init__(self) -> None:
        self.placed: list[View] = []
        self.count = 0

    def place(self, finding: Mapping[str, Any]) -> int:
        """Draw the boxes of a finding and return its number; 0 where it has none."""
        boxes = boxes_of(finding)
        if not boxes:
            return 0
        self.count += 1
        for index, (left, top, width, height) in enumerate(boxes):
            box = {"x": left, "y": top, "width": width, "height": height}
            self.placed.append({"number": self.count, "tone": tone(finding), "has_flag": index == 0, **box})
        return self.count


def boxes_of(finding: Mapping[str, Any]) -> list[list[int]]:
    """Return the boxes of a finding: those of its repair where that is in several places, else its own or the one."""
    several = [box for fix in finding["fixes"] for box in boxes_in(fix)]
    own = [where["box"] for where in (finding["where"], *(fix["where"] for fix in finding["fixes"])) if where]
    return several or [box for box in own if box][:1]


def finding_view(finding: Mapping[str, Any], marks: Marks) -> View:
    """Return a finding as the page shows it."""
    value, limit = finding["value"], finding["limit"]
    return {
        "mark": marks.place(finding),
        "rule": finding["rule"],
        "tone": tone(finding),
        "status": status_words(finding),
        "code": finding["code"],
        "meaning": code_words(finding["code"]),
        "value": "" if value is None else figure(value),
        "unit": finding["unit"],
        "limit": "" if limit is None or value is None else limit_words(limit),
        "limit_source": "" if limit is None else limit["source"],
        "gauge": gauge(finding),
        "comparison": comparison(finding),
        "closeup": None,
        "where": where_words(finding["where"]),
        "fixes": [fix_words(fix) for fix in finding["fixes"]],
        "waived_by": finding["waived_by"],
        "assumptions": finding["assumptions"],
        "evidence": finding["evidence"],
        "backend": finding["backend"],
    }


def status_words(finding: Mapping[str, Any]) -> str:
    """Return what became of a rule: a rule of level warn that is not met is a warning."""
    if finding["waived_by"] is not None:
        return "waived"
    if finding["status"] == "fail" and not is_blocking(finding):
        return STATUS_WORDS["warn"]
    return STATUS_WORDS.get(finding["status"], str(finding["status"]))


def tone(finding: Mapping[str, Any]) -> str:
    """Return how a finding is coloured: "reject", "review", "warn", "waived" or "met"."""
    if finding["status"] == "pass":
        return "met"
    if is_blocking(finding):
        return "reject" if finding["status"] == "fail" else "review"
    return "waived" if finding["waived_by"] is not None else "warn"


def batch_view(finding: Mapping[str, Any], anchors: Mapping[str, str]) -> View:
    """Return a batch finding with the card of the asset it is about."""
    return {
        **finding_view(finding, Marks()),
        "asset": finding["asset"],
        "anchor": anchors.get(finding["asset"], ""),
        "observed": finding["observed"],
        "plot": plot_view(finding, anchors),
        "twin": finding["evidence"].get("twin", ""),
        "twin_anchor": anchors.get(finding["evidence"].get("twin", ""), ""),
    }


def timings(run: StoredRun) -> str:
    """Return how long the run took, or ""."""
    known = (run.batch or {"timings": {}})["timings"]
    seconds, rate = known.get("seconds"), known.get("assets_per_second")
    return "" if seconds is None else f"{seconds:.1f} s" + (f", {rate:.1f} assets/s" if rate else "")


def details(run: StoredRun) -> list[tuple[str, str]]:
    """Return what the run was made with, as pairs of words."""
    engines = {role: spec for verdict in run.verdicts for role, spec in verdict["engines"].items()}
    parts = [("kit hash", run.run["kit"]["hash"]), ("started", run.run["timings"].get("started", ""))]
    parts += [(f"model, {role}", spec) for role, spec in {**run.run["engines"], **engines}.items()]
    parts += [(f"option {name}", str(value)) for name, value in run.run["options"].items()]
    return [(name, text) for name, text in (*parts, *run.run["versions"].items()) if text]
