from qa.demo.faults import Reason
from qa.demo.truth import PlantedAsset, PlantedFinding, Truth, agreement
from qa.verdict import Decision

PRICE = Reason("text.price", "text.mismatch")
TRUTH = Truth(
    0,
    (PlantedAsset("a.png", (), Decision.ACCEPT, ()), PlantedAsset("b.png", ("price_digit",), Decision.FIX, (PRICE,))),
    (PlantedFinding("b.png", Reason("duplicates", "duplicates.of_asset")),),
)
TWIN = {"asset": "b.png", "rule": "duplicates", "code": "duplicates.of_asset", "status": "warn"}


def finding(reason, status="fail", level="block"):
    return {"rule": reason.rule, "code": reason.code, "status": status, "level": level, "waived_by": None}


def verdict(name, decision, *findings, needs_review=False):
    record = {"asset": {"name": name}, "decision": decision, "needs_review": needs_review}
    return {**record, "findings": list(findings)}


RIGHT = [verdict("assets/a.png", "accept"), verdict("assets/b.png", "fix", finding(PRICE))]


def test_a_run_that_says_what_was_planted_agrees_wholly():
    result = agreement(TRUTH, RIGHT, [TWIN])
    assert (result.decisions, result.reasons, result.disagreements) == (1.0, 1.0, ())


def test_an_asset_without_a_verdict_is_a_disagreement():
    result = agreement(TRUTH, RIGHT[:1], [TWIN])
    assert result.decisions == 0.5


def test_the_right_decision_for_another_reason_is_not_the_right_reason():
    other = [RIGHT[0], verdict("b.png", "fix", finding(Reason("text.legal", "text.mismatch")))]
    result = agreement(TRUTH, other, [TWIN])
    assert result.decisions == 1.0
    assert result.reasons < 1.0


def test_a_verdict_that_sends_an_asset_to_a_person_does_not_agree():
    sent = [RIGHT[0], verdict("b.png", "fix", finding(PRICE), needs_review=True)]
    assert agreement(TRUTH, sent, [TWIN]).decisions == 0.5


def test_a_missed_and_an_invented_duplicate_are_both_told():
    assert len(agreement(TRUTH, RIGHT, []).disagreements) == 1
    assert len(agreement(TRUTH, RIGHT, [TWIN, {**TWIN, "asset": "a.png"}]).disagreements) == 1


def test_warnings_stop_nothing_and_are_no_invention():
    warned = verdict("a.png", "accept", finding(Reason("sharpness", "sharpness.blurred"), "warn", "warn"))
    assert agreement(TRUTH, [warned, RIGHT[1]], [TWIN]).reasons == 1.0


def test_the_record_names_every_planted_reason():
    record = TRUTH.record()
    assert record["assets"][1]["reasons"] == [{"rule": "text.price", "code": "text.mismatch"}]
    assert record["batch"][0]["asset"] == "b.png"
