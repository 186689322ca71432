"""JUnit XML that common parsers read, whatever an asset is called."""

from dataclasses import replace
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from qa.reports.junit import render
from sample_run import MET, sample_run, verdict, verdicts


@pytest.fixture(scope="module")
def root() -> Element:
    return fromstring(render(sample_run()).encode())


def test_an_asset_is_a_suite_and_a_rule_a_case(root: Element) -> None:
    suites = root.findall("testsuite")
    assert len(suites) == len(verdicts()) + 1
    for suite, one in zip(suites, verdicts(), strict=False):
        assert [case.get("name") for case in suite.findall("testcase")] == [f.rule for f in one.findings]


def test_the_counts_are_those_of_the_cases(root: Element) -> None:
    for element in (root, *root.findall("testsuite")):
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(element.get(attribute)) == len(element.findall(f".//{tag}"))
        assert int(element.get("tests")) == len(element.findall(".//testcase"))


@pytest.mark.parametrize(
    ("asset", "rule", "tag"),
    [
        ("can/hero 02.png", "color.acme_blue", "failure"),
        ("can/unsure.png", "identity.tonic.subject", "error"),
        ("can/crash.png", "sharpness", "error"),
        ("can/night.png", "color.acme_blue", "skipped"),
        ("can/early.png", "text.headline", "skipped"),
        ("can/night.png", "exposure", "system-out"),
    ],
)
def test_each_status_has_its_element(root: Element, asset: str, rule: str, tag: str) -> None:
    suite = next(item for item in root.findall("testsuite") if item.get("name") == asset)
    case = next(item for item in suite.findall("testcase") if item.get("name") == rule)
    assert [child.tag for child in case] == [tag]


def test_a_met_rule_is_an_empty_case(root: Element) -> None:
    assert all(len(case) == 0 for case in root.find("testsuite").findall("testcase"))


def test_what_is_found_about_the_batch_fails_nothing(root: Element) -> None:
    batch = root.findall("testsuite")[-1]
    assert batch.get("name") == "batch"
    assert "can/hero 01.png" in batch.findtext("testcase/system-out")


def test_characters_that_xml_cannot_hold_are_removed() -> None:
    text = render(sample_run(made=[verdict("a\x00\x08\x1b\ufffe\udc80<&>\"'\n.png")]))
    name = fromstring(text.encode()).find("testsuite").get("name")
    assert name == "a<&>\"'\n.png"


def test_a_calibration_that_lapsed_is_said_by_each_rule_and_of_the_run() -> None:
    met = replace(MET[2], evidence={"calibration_lapsed": "it expired on 2026-02-01"})
    root = fromstring(render(sample_run(made=[verdict("a.png", [met]), verdict("b.png", [met])])).encode())
    (case,) = (case for case in root[0].findall("testcase") if case.get("name") == met.rule)
    assert case.findtext("system-out") == "met, but the kit's calibration does not hold: it expired on 2026-02-01"
    run = next(suite for suite in root if suite.get("name") == "run")
    said = "The calibration of identity.tonic.subject did not hold for 2 of 2 assets: it expired on 2026-02-01."
    assert run.findtext("testcase/system-out") == said
    assert root.get("failures") == root.get("errors") == "0"
