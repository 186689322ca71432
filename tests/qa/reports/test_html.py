"""The page stands alone, keeps every hostile text harmless, and shows what it must."""

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reports.html.alignment import marked
from qa.reports.html.closeup import closeup_view
from qa.reports.html.comparison import comparison, gauge
from qa.reports.html.page import render
from qa.reports.html.pictures import picture_uri
from qa.reports.parts import finding_record
from sample_run import TYPO, UNSURE, WRONG_COLOR, WRONG_SUBJECT, sample_run, verdict, verdicts

VOID = {"meta", "img", "input", "br", "link"}


class Page(HTMLParser):
    """The tags of a page, and whether each was closed in turn."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> str:
    return render(sample_run(tmp_path_factory.mktemp("run")))


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


def test_the_page_is_well_formed(page: Page) -> None:
    assert page.open == []
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_the_page_asks_nothing_of_anybody(page: Page) -> None:
    for _, attributes in page.tags:
        for name in ("src", "href", "action", "srcset", "data", "poster", "xlink:href"):
            assert (attributes.get(name) or "#").startswith(("#", "data:image/jpeg;base64,"))
        assert not any(name.startswith("on") or name == "style" for name in attributes)


def test_only_our_script_and_style_may_run(page: Page, text: str) -> None:
    policy = next(a["content"] for a in page.of("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for tag in ("script", "style"):
        (body,) = re.findall(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_hostile_texts_stay_texts(page: Page, text: str) -> None:
    assert len(page.of("script")) == 1
    assert all(attributes["src"].startswith("data:") for attributes in page.of("img"))
    assert "\u202e" not in text
    assert "\x07" not in text
    assert "we&lt;script&gt;alert(1)&lt;/script&gt;ird\\n" in text
    assert "Acme &lt;summer&gt;" in text


def test_each_asset_has_a_card_the_worst_first(page: Page) -> None:
    cards = page.of("article")
    assert len(cards) == len(verdicts())
    groups = [card["data-group"] for card in cards]
    assert groups == sorted(groups, key=["reject", "review", "fix", "accept"].index)
    assert {int(card["data-index"]) for card in cards} == set(range(len(cards)))


def test_boxes_stand_where_the_findings_say(page: Page) -> None:
    boxes = [(a["x"], a["y"], a["width"], a["height"]) for a in page.of("rect") if a.get("class") == "line"]
    assert ("380", "80", "520", "120") in boxes
    assert ("120", "700", "600", "110") in boxes


def test_what_was_not_looked_at_and_the_batch_are_shown(text: str) -> None:
    assert "What this run did not look at" in text
    assert "anatomy (hands, limbs, eyes)" in text
    assert "The batch as a whole" in text


def test_a_run_cut_short_says_so(text: str) -> None:
    assert "cut short" not in text
    assert "cut short" in render(replace(sample_run(), batch=None))


def test_agreement_is_shown_where_a_run_has_it(text: str) -> None:
    run = sample_run()
    shown = render(replace(run, batch={**run.batch, "agreement": {"decisions": 0.975}}))
    assert "97.5 %" in shown
    assert "of decisions agree" in shown
    assert "agree</span>" not in text


def test_the_same_run_renders_to_the_same_bytes(text: str, tmp_path: Path) -> None:
    assert render(sample_run(tmp_path)) == text


def test_many_assets_get_smaller_pictures(tmp_path: Path) -> None:
    made = [verdict(f"{number}.png") for number in range(130)]
    assert len(render(sample_run(tmp_path, made))) < 2_000_000


def test_a_picture_that_is_none_is_left_out() -> None:
    assert picture_uri(b"<svg onload=alert(1)>", 512) == ""
    assert picture_uri(b"\xff\xd8\xff\xe0 torn", 512) == ""


@pytest.mark.parametrize(
    ("expected", "read", "left", "right"),
    [
        ("SALE", "SALE", [("SALE", "")], [("SALE", "")]),
        ("SALE", "SAIE", [("SA", ""), ("L", "other"), ("E", "")], [("SA", ""), ("I", "other"), ("E", "")]),
        ("REST", "RET", [("RE", ""), ("S", "missing"), ("T", "")], [("RE", ""), (" ", "gap"), ("T", "")]),
        ("RISE", "RIRSE", [("RI", ""), (" ", "gap"), ("SE", "")], [("RI", ""), ("R", "extra"), ("SE", "")]),
        ("SALE", "SLAE", [("S", ""), ("AL", "swapped"), ("E", "")], [("S", ""), ("LA", "swapped"), ("E", "")]),
        ("", "A", [(" ", "gap")], [("A", "extra")]),
    ],
)
def test_each_wrong_character_is_marked_and_told_apart(expected, read, left, right) -> None:
    assert marked(expected, read) == (left, right)


@given(st.text(max_size=30), st.text(max_size=30))
def test_both_texts_stay_whole_and_stand_one_above_the_other(expected: str, read: str) -> None:
    left, right = marked(expected, read)
    assert "".join(piece for piece, kind in left if kind != "gap") == expected
    assert "".join(piece for piece, kind in right if kind != "gap") == read
    assert len("".join(piece for piece, _ in left)) == len("".join(piece for piece, _ in right))


def test_a_wrong_text_is_shown_enlarged_with_each_wrong_character_outlined(tmp_path: Path) -> None:
    wrong = replace(TYPO, evidence={"wrong_at": "300,710 50×90; 350,710 50×90"})
    shown = Page(render(sample_run(tmp_path, [verdict("a.png", [wrong])])))
    (picture,) = shown.of("image")
    assert picture["href"].startswith("data:image/jpeg;base64,")
    assert (picture["x"], picture["y"], picture["width"], picture["height"]) == ("76", "656", "688", "198")
    outlined = [(a["x"], a["width"]) for a in shown.of("rect") if a.get("class") == "wrong"]
    assert outlined == [("300", "50"), ("350", "50")]


def test_a_text_without_a_picture_or_a_place_is_not_enlarged() -> None:
    record = finding_record(TYPO)
    assert closeup_view(record, (1024, 1024), None) is None
    assert closeup_view(record, (1024, 1024), b"\xff\xd8\xff\xe0 torn") is None
    assert closeup_view(record, (50, 50), b"") is None
    assert closeup_view(finding_record(replace(TYPO, where=None)), (1024, 1024), b"") is None


def test_a_preview_that_says_it_is_huge_is_not_decoded():
    record = finding_record(TYPO)
    header = bytes.fromhex("ffd8ffc0001108fffefffe03012200021101031101")
    assert closeup_view(record, (1024, 1024), header + b"\xff\xd9") is None


def test_what_a_check_says_behind_the_text_is_a_note() -> None:
    pair = comparison(finding_record(TYPO))
    assert "".join(piece for piece, _ in pair["observed"]) == "SUMMER SLAE"
    assert pair["note"] == "A and L swapped"


@pytest.mark.parametrize(
    ("expected", "observed", "read", "note"),
    [
        ('"SAY "HI""', '"SAY "HI" (missing " at 8)', 'SAY "HI ', 'missing " at 8'),
        ('"12" TV"', '"13" TV" (3 for 2 at 2)', '13" TV', "3 for 2 at 2"),
        ('"a (b)"', '"a (c)"', "a (c)", ""),
    ],
)
def test_quotes_and_brackets_of_a_text_are_its_own(expected, observed, read, note) -> None:
    pair = comparison(finding_record(replace(TYPO, expected=expected, observed=observed)))
    assert ("".join(piece for piece, _ in pair["observed"]), pair["note"]) == (read, note)


def test_colours_become_swatches() -> None:
    pair = comparison(finding_record(WRONG_COLOR))
    assert pair == {"kind": "color", "swatches": [("expected", "#0055aa"), ("found", "#1a63b4")]}
    contrast = replace(WRONG_COLOR, check="contrast", expected="contrast of 4.5", observed="#6283b3 on #1a4a8d")
    pair = comparison(finding_record(contrast))
    assert pair["swatches"] == [("text", "#6283b3"), ("background", "#1a4a8d")]


@pytest.mark.parametrize(("finding", "is_inside"), [(WRONG_COLOR, False), (WRONG_SUBJECT, False), (TYPO, False)])
def test_a_failed_value_stands_outside_of_what_passes(finding, is_inside: bool) -> None:
    scale = gauge(finding_record(finding))
    inside = scale["start"] <= scale["value"] <= scale["start"] + scale["width"]
    assert inside == is_inside


def test_a_limit_that_is_no_bound_has_no_gauge() -> None:
    record = finding_record(UNSURE)
    assert gauge({**record, "value": None}) is None
    assert gauge({**record, "limit": {"op": "in", "value": 1.0, "source": "kit"}}) is None
