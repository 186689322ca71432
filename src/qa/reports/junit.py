"""JUnit XML: an asset is a suite, a rule a case; failed is failure, not measured is error, waived is skipped."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as Xml  # written only, never parsed

from qa.calibration.standing import LAPSED
from qa.reports.jsonl import StoredRun
from qa.reports.summary import UNMEASURED, is_blocking
from qa.reports.wording import code_words, finding_words, fix_words, notices

# Everything outside the Char production of XML 1.0, section 2.2.
ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(run: StoredRun) -> str:
    """Return the run as JUnit XML. A rule of level warn is never a failure; what it says is in its `system-out`."""
    root = Xml.Element("testsuites", name=clean(f"qa gate {run.run['kit']['name']}"))
    for verdict in run.verdicts:
        root.append(suite(verdict))
    if run.batch is not None and run.batch["findings"]:
        root.append(batch_suite(run.batch["findings"]))
    if said := notices(run.run, run.verdicts, run.batch, run.is_torn):
        root.append(run_suite(said))
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(child.get(name, "0")) for child in root)))
    root.set("time", f"{sum(float(child.get('time', '0')) for child in root):.3f}")
    Xml.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"


def suite(verdict: Mapping[str, Any]) -> Xml.Element:
    """Return the suite of an asset."""
    name = clean(verdict["asset"]["name"])
    cases = [case(finding, name) for finding in verdict["findings"]]
    element = counted(name, cases, sum(verdict["timings"].values()))
    properties = Xml.Element("properties")
    for key, value in (
        ("decision", verdict["decision"]),
        ("next", verdict["next"]),
        ("needs_review", str(verdict["needs_review"]).lower()),
        ("asset_key", verdict["asset"]["key"]),
        ("brief", verdict["brief"]["id"]),
    ):
        Xml.SubElement(properties, "property", name=key, value=clean(value))
    element.insert(0, properties)
    return element


def batch_suite(findings: list[Mapping[str, Any]]) -> Xml.Element:
    """Return the suite of what was found about the batch: it changes no verdict, so nothing in it fails."""
    cases = []
    for finding in findings:
        element = Xml.Element(
            "testcase", classname="batch", name=clean(f"{finding['rule']} {finding['asset']}".strip())
        )
        if finding["status"] != "pass":
            Xml.SubElement(element, "system-out").text = clean(finding_words(finding))
        cases.append(element)
    return counted("batch", cases, 0.0)


def run_suite(said: list[str]) -> Xml.Element:
    """Return the suite of what a reader must know of the whole run, as a calibration that did not hold: none fails."""
    element = Xml.Element("testcase", classname="run", name="notices")
    Xml.SubElement(element, "system-out").text = clean("\n".join(said))
    return counted("run", [element], 0.0)


def counted(name: str, cases: list[Xml.Element], seconds: float) -> Xml.Element:
    """Return a suite with its cases and their counts."""
    element = Xml.Element("testsuite", name=name, tests=str(len(cases)))
    for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(key, str(sum(item.find(tag) is not None for item in cases)))
    element.set("time", f"{seconds:.3f}")
    element.extend(cases)
    return element


def case(finding: Mapping[str, Any], asset: str) -> Xml.Element:
    """Return the case of one rule on one asset."""
    element = Xml.Element("testcase", classname=asset, name=clean(finding["rule"]))
    if finding["status"] == "pass":
        if lapsed := finding["evidence"].get(LAPSED):
            said = f"met, but the kit's calibration does not hold: {lapsed}"
            Xml.SubElement(element, "system-out").text = clean(said)
        return element
    message = clean(finding_words(finding))
    if finding["waived_by"] is not None:
        Xml.SubElement(element, "skipped", message=clean(f"waived by {finding['waived_by']}: {message}"))
    elif finding["status"] == "not_run":
        Xml.SubElement(element, "skipped", message=message)
    elif is_blocking(finding):
        tag = "error" if finding["status"] in UNMEASURED else "failure"
        Xml.SubElement(element, tag, type=clean(finding["code"]), message=message).text = details(finding)
    else:
        Xml.SubElement(element, "system-out").text = f"warning: {message}"
    return element


def details(finding: Mapping[str, Any]) -> str:
    """Return what a reader of a failed case wants to know beyond its message."""
    fixes = [f"fix: {fix_words(fix)}" for fix in finding["fixes"]]
    return clean("\n".join([code_words(finding["code"]), *fixes]))


def clean(text: str) -> str:
    """Return text without the characters that XML 1.0 cannot hold."""
    return ILLEGAL.sub("", text)
