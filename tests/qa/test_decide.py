"""The decision table, over every combination, against the four rules written out a second time."""

from datetime import date
from itertools import product

import pytest

from qa.decide import decide, is_drawn_for_audit, is_in_force
from qa.kit.policy import Policy, Waiver
from qa.verdict import Decision, Finding, Fix, FixKind, Level, Status
from sample_run import DARK, SKIPPED, WRONG_COLOR, verdict

DAY = date(2026, 6, 1)
LASTING = Waiver(rule="color.*", asset="night-*.png", reason="night scene", owner="brand", expires="2026-12-31")


def a_finding(status, level=Level.BLOCK, fixes=(), rule="color.blue", code="color.out_of_tolerance"):
    return Finding(rule=rule, check="color", code=code, level=level, status=status, fixes=fixes)


def expected_decision(status, level, is_fixable, is_waived, is_last):
    counts = level is Level.BLOCK and not is_waived
    if counts and status is Status.FAIL:
        return Decision.FIX if is_fixable and not is_last else Decision.REJECT
    if counts and status in (Status.NOT_EVALUABLE, Status.ERROR):
        return Decision.FIX
    return Decision.ACCEPT


@pytest.mark.parametrize(
    ("status", "level", "is_fixable", "is_waived", "attempt"),
    list(product(Status, Level, (False, True), (False, True), (1, 2))),
)
def test_one_finding_decides_as_the_table_says(status, level, is_fixable, is_waived, attempt):
    fixes = (Fix(FixKind.RECOLOR),) if is_fixable else ()
    outcome = decide(
        [a_finding(status, level, fixes)],
        Policy(max_attempts=2),
        (LASTING,) if is_waived else (),
        asset_name="night-1.png",
        as_of=DAY,
        attempt=attempt,
    )
    assert outcome.decision == expected_decision(status, level, is_fixable, is_waived, attempt == 2)
    is_unmeasured = outcome.decision is Decision.FIX and status is not Status.FAIL
    assert outcome.needs_review is is_unmeasured
    assert [fix.kind for fix in outcome.plan] == (
        [] if outcome.decision is not Decision.FIX else [FixKind.HUMAN_REVIEW if is_unmeasured else FixKind.RECOLOR]
    )
    assert outcome.next == ("" if outcome.decision is not Decision.REJECT else "discard" if attempt == 2 else "reroll")


@pytest.mark.parametrize("pair", list(product(Status, Status)))
def test_of_two_findings_the_worse_one_decides(pair):
    rank = {Decision.ACCEPT: 0, Decision.FIX: 1, Decision.REJECT: 2}
    first, second = (a_finding(status, rule=f"color.{i}") for i, status in enumerate(pair))
    alone = [decide([f], Policy(), asset_name="a", as_of=DAY).decision for f in (first, second)]
    together = decide([first, second], Policy(), asset_name="a", as_of=DAY)
    assert together.decision == max(alone, key=rank.__getitem__)


def test_an_unmeasured_rule_beside_a_fail_still_asks_for_a_person():
    findings = [a_finding(Status.FAIL), a_finding(Status.NOT_EVALUABLE, rule="text.price")]
    outcome = decide(findings, Policy(), asset_name="a", as_of=DAY)
    assert (outcome.decision, outcome.needs_review) == (Decision.REJECT, True)


def test_a_fix_the_policy_forbids_is_no_fix():
    finding = a_finding(Status.FAIL, fixes=(Fix(FixKind.RECOLOR),))
    policy = Policy(fixes=(FixKind.CROP_RESIZE,))
    assert decide([finding], policy, asset_name="a", as_of=DAY).decision is Decision.REJECT


def test_an_outage_buys_no_reroll_even_where_unmeasured_is_rejected():
    policy = Policy(on_unmeasured="reject")
    outage = a_finding(Status.ERROR, code="check.raised")
    unseen = a_finding(Status.NOT_EVALUABLE, code="text.unsupported")
    assert decide([outage], policy, asset_name="a", as_of=DAY).decision is Decision.FIX
    assert decide([unseen], policy, asset_name="a", as_of=DAY).decision is Decision.REJECT


@pytest.mark.parametrize("expires", ["", "soon", "2026-05-31", "2026-13-01"])
def test_a_waiver_with_a_past_or_bad_date_counts_as_lapsed(expires):
    waiver = Waiver(rule="*", asset="*", reason="r", owner="o", expires=expires)
    assert not is_in_force(waiver, DAY)


def test_a_waived_finding_stays_listed_with_its_owner():
    finding = a_finding(Status.FAIL)
    outcome = decide([finding], Policy(), (LASTING,), asset_name="night-7.png", as_of=DAY)
    assert [f.waived_by for f in outcome.findings] == ["brand: night scene"]
    assert decide([finding], Policy(), (LASTING,), asset_name="day-7.png", as_of=DAY).decision is Decision.REJECT


def test_audit_draws_the_stated_share_whatever_the_order():
    keys = [f"{i:064x}" for i in range(20_000)]
    drawn = [key for key in keys if is_drawn_for_audit(key, "kit", 0.02)]
    # Binomial(20000, .02): mean 400, sd 20; five of them are exceeded by chance once in 2 million.
    assert abs(len(drawn) - 400) < 100
    assert not any(is_drawn_for_audit(key, "kit", 0.0) for key in keys)
    assert all(is_drawn_for_audit(key, "kit", 1.0) for key in keys[:100])


def test_a_printed_verdict_says_what_it_warns_of():
    assert str(verdict("a.png")) == "accept a.png"
    assert str(verdict("a.png", [DARK, SKIPPED])).startswith("accept a.png  warning: exposure  fraction 0.081")
    assert "warning" not in str(verdict("a.png", [WRONG_COLOR]))
