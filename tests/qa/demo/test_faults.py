import numpy as np
import pytest

from qa.codes import CODES
from qa.demo.brand import COLORS, PARTS
from qa.demo.faults import FAULTS, Artwork
from qa.demo.inks import contrast, difference
from qa.demo.scenes import Scene
from qa.verdict import Decision

SIZES = {"aspect_off": 0.3, "too_small": 600, "headline_contrast": 2.0, "headline_typo": 1, "truncated": 0.5}


def planted(fault, size=None):
    amount = SIZES.get(fault, 3.0) if size is None else size
    return FAULTS[fault](Artwork(Scene(price="$12.50")), amount, np.random.default_rng(0))


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_is_on_record_with_known_codes_and_changes_the_artwork(fault):
    art = planted(fault)
    assert art.planted
    assert all(reason.code in CODES for reason in art.reasons)
    assert (art.scene, art.form) != (Scene(price="$12.50"), Artwork(Scene()).form)


@pytest.mark.parametrize("name", COLORS)
@pytest.mark.parametrize(("size", "decision"), [(1.2, Decision.ACCEPT), (3.0, Decision.FIX), (9.0, Decision.REJECT)])
def test_a_color_is_decided_by_how_far_it_is_off(name, size, decision):
    art = planted(name, size)
    assert art.decision is decision
    assert art.planted[0].size == pytest.approx(difference(COLORS[name], getattr(art.scene, PARTS[name])))


def test_the_hardest_planted_decision_wins():
    art = FAULTS["legal_missing"](planted("price_digit"), 1, np.random.default_rng(0))
    assert art.decision is Decision.REJECT
    assert {reason.rule for reason in art.reasons} == {"text.price", "text.legal"}


def test_a_price_loses_exactly_one_digit():
    price = planted("price_digit").scene.price
    assert len(price) == len("$12.50") - 1
    assert price.startswith("$")


@pytest.mark.parametrize(("ratio", "is_within"), [(3.0, False), (6.0, True)])
def test_contrast_is_planted_on_both_sides_of_its_limit(ratio, is_within):
    art = planted("headline_contrast", ratio)
    assert contrast(art.scene.headline_ink, art.scene.panel) == pytest.approx(ratio, abs=0.01)
    assert (not art.reasons) is is_within
    assert (art.planted[0].excess <= 1) is is_within
