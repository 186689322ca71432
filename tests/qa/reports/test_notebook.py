"""A verdict and a batch show themselves in a notebook."""

from dataclasses import replace

import numpy as np

from consistency.display import jpeg_bytes
from qa.batch import Batch
from sample_run import TYPO, UNSURE, batch_findings, verdict, verdicts


def test_a_verdict_shows_its_decision_reason_and_picture() -> None:
    picture = jpeg_bytes(np.zeros((8, 8, 3), np.uint8))
    html = replace(verdicts()[1], preview=picture)._repr_html_()
    assert "Fix" in html
    assert "color.acme_blue; color.out_of_tolerance" in html or "ΔE00 4.12" in html
    assert "data:image/jpeg;base64," in html


def test_a_wrong_text_is_shown_as_it_stands_expected_above_read() -> None:
    picture = jpeg_bytes(np.zeros((64, 64, 3), np.uint8))
    wrong = replace(TYPO, evidence={"wrong_at": "300,710 50×90"})
    html = replace(verdict("a.png", [wrong]), preview=picture)._repr_html_()
    assert '<svg class="closeup"' in html
    assert html.count('class="wrong"') == 1
    assert 'S<mark class="swapped" title="swapped">AL</mark>E' in html
    assert 'S<mark class="swapped" title="swapped">LA</mark>E' in html


def test_a_batch_shows_counts_rows_and_what_was_not_looked_at() -> None:
    html = Batch(tuple(verdicts()), tuple(batch_findings()))._repr_html_()
    assert "2 of 10 assets accepted" in html
    assert html.count('class="qa-row"') == len(verdicts())
    assert "Batch: can/early.png" in html
    assert "composition and taste" in html


def test_a_calibration_that_did_not_hold_is_said_of_a_verdict_and_of_a_batch() -> None:
    one = verdict("a.png", [replace(UNSURE, evidence={"calibration_lapsed": "it expired on 2026-02-01"})])
    said = "The calibration of identity.tonic.subject did not hold for 1 of {} assets: it expired on 2026-02-01."
    assert said.format(1) in one._repr_html_()
    assert said.format(2) in Batch((one, verdict("b.png", [UNSURE])), ())._repr_html_()


def test_hostile_names_stay_texts() -> None:
    html = Batch(tuple(verdicts()))._repr_html_()
    assert "<script" not in html
    assert "onerror=alert(1)&gt;" in html
    assert "\u202e" not in html


def test_a_long_batch_is_shown_in_part() -> None:
    html = Batch(tuple(verdict(f"{number}.png") for number in range(70)))._repr_html_()
    assert "and 10 more" in html


def test_an_empty_batch_shows_that_nothing_was_judged() -> None:
    assert "Nothing was judged" in Batch(())._repr_html_()
