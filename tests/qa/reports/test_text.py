"""The text report: every asset and reason, plain, with what was not looked at."""

from dataclasses import replace

from qa.reports.document import render as render_document
from qa.reports.formats import FORMATS, load_format
from qa.reports.html.page import render as render_html
from qa.reports.text import MOST_ROWS, render
from sample_run import HOSTILE, NOT_CHECKED, UNSURE, sample_run, verdict, verdicts


def test_every_asset_stands_in_the_table_with_its_reason() -> None:
    text = render(sample_run())
    for one in verdicts():
        if one.asset.name != HOSTILE:
            assert one.asset.name in text
    assert "ΔE00 4.12, limit ≤ 2" in text
    assert 'expected "SUMMER SALE"; found "SUMMER SLAE"' in text
    assert "waived by brand: night scene" in text
    assert "10 assets  2 accepted  2 to fix  2 to review" in " ".join(text.split("\n")) or "10 assets" in text


def test_what_was_not_looked_at_is_said() -> None:
    text = render(sample_run())
    assert all(words in text for words in NOT_CHECKED)


def test_a_run_cut_short_says_so_first() -> None:
    run = replace(sample_run(), batch=None, is_torn=True)
    lines = render(run).splitlines()
    assert "cut short" in lines[0]
    assert "cut off" in lines[1]


def test_calibrations_that_did_not_hold_are_said_first_and_counted() -> None:
    lapsed = replace(UNSURE, evidence={"calibration_lapsed": "it expired on\n<b>2026-02-01</b>"})
    run = sample_run(made=[verdict("a.png", [lapsed]), verdict("b.png", [lapsed]), verdict("c.png", [UNSURE])])
    said = (
        "The calibration of identity.tonic.subject did not hold for 2 of 3 assets: it expired on\\n<b>2026-02-01</b>."
    )
    assert render(run).splitlines()[0] == f"! {said}"
    page = " ".join(render_html(run).split())
    assert "did not hold for 2 of 3 assets: it expired on\\n&lt;b&gt;2026-02-01&lt;/b&gt;." in page


def test_a_name_neither_breaks_a_line_nor_is_read_as_markup() -> None:
    text = render(sample_run(made=[verdict("a\n[bold]x[/bold]\x1b[31m\u202e.png")]))
    assert "a\\n[bold]x[/bold]\\x1b[31m\\u202e.png" in text
    assert "\x1b" not in text


def test_a_long_run_is_shown_in_part_and_says_so() -> None:
    made = [verdict(f"{number}.png") for number in range(MOST_ROWS + 7)]
    assert "7 more" in render(sample_run(made=made))


def test_every_format_renders_whole_torn_and_empty_runs() -> None:
    for name in FORMATS:
        render_one = load_format(name)
        for run in (sample_run(), replace(sample_run(), batch=None, is_torn=True), replace(sample_run(), verdicts=())):
            assert render_one(run)


def test_the_json_document_holds_every_record() -> None:
    text = render_document(sample_run())
    assert text.count('"format":"qa.verdict"') == len(verdicts())
