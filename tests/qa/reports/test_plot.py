"""What is drawn of a series stands where its values are, whatever a stored run holds."""

import re

import pytest

from qa.batch import Batch
from qa.reports.html.page import render
from qa.reports.html.plot import plot_view
from qa.reports.parts import finding_record
from sample_run import HOSTILE, batch_findings, sample_run, verdicts

FOUND = finding_record(batch_findings()[1])


def test_a_finding_without_a_series_has_no_drawing():
    assert plot_view({**FOUND, "series": None}, {}) is None


def test_a_gap_has_no_point():
    drawn = plot_view(FOUND, {})
    assert [len(panel["points"]) for panel in drawn["panels"]] == [4, 4]


def test_higher_values_stand_higher_and_the_line_ends_at_the_last_asset():
    lightness = plot_view(FOUND, {})["panels"][0]
    heights = [point["y"] for point in lightness["points"]]
    assert heights == sorted(heights, reverse=True)
    assert lightness["line"].split()[-1].startswith(str(lightness["points"][-1]["x"]))


def test_one_wrong_asset_does_not_flatten_the_others():
    values = [0.5] * 29 + [40.0]
    series = {**FOUND["series"], "assets": [f"{i}.png" for i in range(30)], "values": {"hue": values}, "fits": {}}
    points = plot_view({**FOUND, "series": series}, {})["panels"][0]["points"]
    assert points[0]["y"] - points[-1]["y"] > 20
    assert points[-1]["y"] >= 0


@pytest.mark.parametrize(
    "change",
    [{"values": {"hue": [1.0]}}, {"values": {"hue": []}}, {"fits": {"lightness": [0.0] * 99}}, {"marked": [0, 99]}],
    ids=["too few values", "no values", "a line too long", "a mark beyond the end"],
)
def test_a_series_that_does_not_fit_together_is_drawn_as_far_as_it_goes(change):
    assert plot_view({**FOUND, "series": {**FOUND["series"], **change}}, {})["panels"]


def test_the_page_draws_what_moves_and_folds_away_what_does_not():
    page = render(sample_run())
    steady = page.index('<details class="steady">')
    assert page.index('aria-label="lightness along the batch, trend.acme_blue') < steady
    assert page.index('aria-label="lightness along the batch, trend.acme_red') > steady
    assert re.search(r'2 <a href="#asset-4">can/other.png</a>', page)


def test_a_notebook_draws_what_moves():
    html = Batch(tuple(verdicts()), tuple(batch_findings()))._repr_html_()
    assert html.count('<figure class="plot">') == 1
    assert HOSTILE not in html
