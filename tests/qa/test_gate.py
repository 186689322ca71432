"""What a gate promises whatever its checks do: every rule answered, nothing lost, nothing passed by accident."""

import errno
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

import qa.judging
from consistency.errors import InputError, MissingBackend, NotEvaluable
from qa import Asset, BrandKit, Brief, Gate
from qa.checks.check import Rule
from qa.checks.duplicates import DuplicatesCheck
from qa.codes import CODES
from qa.text.reader import ReaderSpec, TextLine
from qa.verdict import Finding, Level, Limit, Status

KIT = "kit: 1\nname: small\nsharpness: {level: off}\nexposure: {level: off}\nduplicates: {level: off}\n"
PICTURE = np.full((32, 48, 3), 120, np.uint8)


class Says:
    """A check that answers its rules as told, or raises what it is told to raise."""

    name, version, section = "says", 1, "says"
    needs = frozenset()

    def __init__(self, *answers, rules=("says.one",)):
        self.answers, self.ids, self.calls = answers, rules, 0

    @classmethod
    def from_kit(cls, kit):
        return cls()

    def rules(self, brief):
        if isinstance(self.ids, Exception):
            raise self.ids
        return [Rule(rule, Level.BLOCK, f"{rule} holds") for rule in self.ids]

    def judge(self, asset, evidence):
        self.calls += 1
        for answer in self.answers:
            if isinstance(answer, Exception):
                raise answer
        return [a for a in self.answers if isinstance(a, Finding)]


def answer(status, rule="says.one", value=None):
    return Finding(rule=rule, check="says", code="met", level=Level.BLOCK, status=status, value=value)


def judge(*checks, source=PICTURE, **options):
    return Gate(BrandKit.from_text(KIT), checks=checks).judge(source, **options)


def test_a_passing_check_accepts():
    verdict = judge(Says(answer(Status.PASS)))
    assert (verdict.decision, verdict.needs_review, verdict.final) == ("accept", False, True)


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (RuntimeError("boom"), Status.ERROR, "check.raised"),
        (MemoryError(), Status.ERROR, "check.raised"),
        (MissingBackend("a model"), Status.NOT_EVALUABLE, "backend.missing"),
        (NotEvaluable("identity.no_face", "a face"), Status.NOT_EVALUABLE, "identity.no_face"),
    ],
)
def test_a_check_that_cannot_answer_sends_the_asset_to_a_person_and_the_others_go_on(error, status, code):
    other = Says(answer(Status.PASS, "other.one"), rules=("other.one",))
    verdict = judge(Says(error, rules=("says.one", "says.two")), other)
    assert (verdict.decision, verdict.needs_review) == ("fix", True)
    assert {(f.rule, f.status, f.code) for f in verdict.blocking} == {
        (r, status, code) for r in ("says.one", "says.two")
    }
    assert other.calls == 1
    assert code in CODES


def test_a_rule_without_an_answer_is_an_error_not_a_pass():
    verdict = judge(Says(answer(Status.PASS), rules=("says.one", "says.forgotten")))
    assert [f.rule for f in verdict.blocking] == ["says.forgotten"]
    assert verdict.decision == "fix"


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_value_that_is_no_number_never_passes(value):
    verdict = judge(Says(answer(Status.PASS, value=value)))
    assert (verdict.decision, verdict.blocking[0].status) == ("fix", Status.ERROR)


@pytest.mark.parametrize("rules", [(), RuntimeError("no rules")])
@pytest.mark.parametrize("many", [False, True])
def test_a_check_that_fails_without_having_said_its_rules_stops_the_asset_and_not_the_run(rules, many):
    check = Says(RuntimeError("boom"), rules=rules)
    gate = Gate(BrandKit.from_text(KIT), checks=[check])
    verdict = gate.judge_many([PICTURE, PICTURE])[1] if many else gate.judge(PICTURE)
    assert (verdict.decision, verdict.needs_review) == ("fix", True)
    assert [(f.rule, f.code) for f in verdict.blocking] == [("says", "check.raised")]


def test_a_skipped_check_that_cannot_say_its_rules_is_an_error():
    verdict = judge(Says(answer(Status.FAIL)), Says(rules=RuntimeError("no rules")), stop_at="reject")
    assert verdict.decision == "reject"
    assert [(f.rule, f.code) for f in verdict.findings if f.status is Status.ERROR] == [("says", "check.raised")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "fail"},
        {"level": "block", "status": Status.FAIL},
        {"value": 1.0, "limit": Limit("<=", float("nan"))},
    ],
)
def test_a_finding_that_could_pass_by_accident_is_an_error(wrong):
    verdict = judge(Says(replace(answer(Status.PASS), **wrong)))
    assert (verdict.decision, verdict.blocking[0].code) == ("fix", "check.raised")


def test_a_folder_of_this_machine_that_an_error_names_is_not_told():
    verdict = judge(Says(PermissionError(errno.EACCES, "Permission denied", "/home/somebody/secret.bin")))
    assert "Permission denied" in verdict.blocking[0].observed
    assert "somebody" not in verdict.blocking[0].observed


def test_no_waiver_makes_an_unreadable_picture_acceptable():
    waiver = 'waivers: [{rule: "*", reason: all, owner: me, expires: 2999-01-01}]\n'
    verdict = Gate(BrandKit.from_text(KIT + waiver)).judge(b"not a picture")
    assert verdict.decision == "reject"


def test_the_day_may_be_given_as_a_time():
    waiver = 'waivers: [{rule: "*", reason: all, owner: me, expires: 2026-05-01}]\n'
    gate = Gate(BrandKit.from_text(KIT + waiver), checks=[Says(answer(Status.FAIL))], as_of=datetime(2026, 5, 1, 12))
    assert gate.judge(PICTURE).decision == "accept"


def test_less_than_no_threads_are_refused():
    with pytest.raises(InputError):
        Gate(BrandKit.from_text(KIT), threads=-1)


def test_a_brief_with_half_a_character_is_judged():
    brief = Brief(values={"price": "\ud800"})
    gate = Gate(BrandKit.from_text(KIT))
    assert gate.judge(PICTURE, brief).brief.hash != gate.judge(PICTURE, Brief()).brief.hash


def test_a_batch_check_that_cannot_conclude_loses_no_verdict(monkeypatch):
    def fail(self, traces):
        raise RuntimeError("boom")

    monkeypatch.setattr(DuplicatesCheck, "conclude", fail)
    kit = KIT.replace("duplicates: {level: off}", "duplicates: {level: warn}")
    batch = Gate(BrandKit.from_text(kit)).judge_many([PICTURE, PICTURE])
    assert [v.decision for v in batch] == ["accept", "accept"]
    assert [(f.rule, f.code) for f in batch.findings] == [("duplicates", "check.raised")]


@pytest.mark.parametrize("missing", ["preview", "background"])
def test_running_out_of_memory_around_the_checks_ends_no_run(monkeypatch, missing):
    def full(*_):
        raise MemoryError("no room")

    monkeypatch.setattr(qa.judging, "Evidence" if missing == "background" else "thumbnail", full)
    verdict = Gate(BrandKit.from_text(KIT), checks=[Says(answer(Status.PASS))]).judge_many([PICTURE])[0]
    assert (verdict.decision, verdict.needs_review) == (("fix", True) if missing == "background" else ("accept", False))


@pytest.mark.parametrize("source", [b"", b"not a picture", "missing.png", np.full((4, 4, 3), np.nan)])
def test_a_picture_that_cannot_be_read_is_rejected_with_its_reason(source):
    check = Says(answer(Status.PASS))
    verdict = judge(check, source=source)
    assert (verdict.decision, verdict.next) == ("reject", "reroll")
    assert [(f.code, f.status) for f in verdict.findings] == [("image.unreadable", Status.FAIL)]
    assert check.calls == 0


def test_running_out_of_memory_while_reading_is_our_fault_and_no_reject(monkeypatch):
    def full(self):
        raise MemoryError("no room")

    monkeypatch.setattr(qa.judging.Unread, "read", full)
    verdict = judge(Says(answer(Status.PASS)))
    assert (verdict.decision, verdict.needs_review) == ("fix", True)
    assert verdict.findings[0].status is Status.ERROR


def test_stopping_at_a_reject_skips_the_rest_and_says_so():
    later = Says(answer(Status.PASS, "later.one"), rules=("later.one",))
    verdict = judge(Says(answer(Status.FAIL)), later, stop_at="reject")
    assert later.calls == 0
    assert {f.rule: f.status for f in verdict.findings} == {"says.one": Status.FAIL, "later.one": Status.NOT_RUN}
    assert judge(Says(answer(Status.PASS)), later, stop_at="reject").decision == "accept"


def test_attempts_used_up_mean_discard():
    assert judge(Says(answer(Status.FAIL)), attempt=1).next == "reroll"
    assert judge(Says(answer(Status.FAIL)), attempt=2).next == "discard"


def test_a_stream_keeps_the_order_and_a_batch_can_be_read_twice():
    gate = Gate(BrandKit.from_text(KIT), checks=[Says(answer(Status.PASS))])
    assets = [Asset.read(np.full((8, 8, 3), i, np.uint8), name=f"{i:02}.png") for i in range(20)]
    assert [v.asset.name for v in gate.stream(iter(assets))] == [a.name for a in assets]
    seen = []
    batch = gate.judge_many(assets, progress=lambda done, total, verdict: seen.append((done, total)))
    assert [v.asset.name for v in batch] == [v.asset.name for v in batch] == [a.name for a in assets]
    assert seen == [(i + 1, 20) for i in range(20)]
    assert batch.summary.decisions == {"accept": 20, "fix": 0, "reject": 0}


def test_one_gate_serves_several_threads():
    gate = Gate(BrandKit.from_text(KIT), checks=[Says(answer(Status.PASS))], as_of=date(2026, 1, 1))
    with ThreadPoolExecutor(4) as pool:
        verdicts = list(pool.map(lambda _: gate.judge(PICTURE), range(16)))
    assert all(verdict == verdicts[0] for verdict in verdicts)


def test_the_brief_given_to_judge_replaces_an_assets_own():
    gate = Gate(BrandKit.from_text(KIT))
    asset = Asset.read(PICTURE, brief=Brief(id="own"))
    assert gate.judge(asset).brief.id == "own"
    assert gate.judge(asset, brief=Brief(id="given")).brief.id == "given"


def test_every_verdict_says_what_was_not_looked_at():
    assert any("anatomy" in words for words in judge().not_checked)
    assert any("`colors`" in words for words in judge().not_checked)


def test_a_subject_that_a_kit_without_subjects_cannot_know_goes_to_a_person():
    verdict = Gate(BrandKit.from_text(KIT)).judge(PICTURE, Brief(subjects=("sneaker",)))
    assert (verdict.decision, verdict.needs_review) == ("fix", True)
    assert [(f.rule, f.code) for f in verdict.blocking] == [("identity.sneaker", "identity.unknown_subject")]


def test_pictures_that_fill_the_memory_are_checked_one_at_a_time(monkeypatch):
    class Slow(Says):
        under_way = most = 0

        def judge(self, asset, evidence):
            Slow.under_way += 1
            Slow.most = max(Slow.most, Slow.under_way)
            time.sleep(0.02)
            Slow.under_way -= 1
            return [answer(Status.PASS)]

    monkeypatch.setattr(qa.judging, "LARGE_PIXELS", 1)
    batch = Gate(BrandKit.from_text(KIT), checks=[Slow()], threads=4).judge_many([PICTURE] * 8)
    assert ({v.decision for v in batch}, Slow.most) == ({"accept"}, 1)


def test_a_brief_that_is_none_is_refused_before_anything_is_judged():
    with pytest.raises(InputError, match=r"qa\.Brief, got dict"):
        Gate(BrandKit.from_text("kit: 1")).judge(PICTURE, brief={"price": "$49"})
    with pytest.raises(InputError, match=r"qa\.Briefs, got list"):
        Gate(BrandKit.from_text("kit: 1")).judge_many([PICTURE], [Brief()])


@pytest.mark.parametrize("said", [{"subjects": "can"}, {"values": {"price": 4.99}}])
def test_a_brief_of_the_wrong_types_is_refused(said):
    with pytest.raises(InputError):
        Brief(**said)


class Reads:
    """A reader that says the same of every picture."""

    spec = ReaderSpec("reads", ("0" * 64,), "none")
    charset = frozenset("ACEHLOPSW")

    def __init__(self, text):
        self._line = TextLine(text, ((2.0, 2.0), (40.0, 2.0), (40.0, 12.0), (2.0, 12.0)), 0.99)

    def read(self, image):
        return (self._line,)

    def read_batch(self, images):
        return [self.read(image) for image in images]


@pytest.mark.parametrize(("said", "decision"), [("SALE", "accept"), ("PLACE", "reject")])
def test_a_reader_of_ones_own_takes_the_place_of_the_kits(said, decision):
    kit = BrandKit.from_text(
        KIT + "text: {required: [{id: sale, value: SALE}], unexpected: {level: off}, contrast: {level: off}}\n"
    )
    verdict = Gate(kit, reader=Reads(said)).judge(PICTURE)
    assert (verdict.decision, verdict.engines["reader"]) == (decision, Reads.spec.id)


def test_the_pictures_of_a_stream_are_read_in_batches_and_each_once():
    class Counts(Reads):
        batches, alone = [], 0

        def read(self, image):
            self.alone += 1
            return ()

        def read_batch(self, images):
            self.batches.append(len(images))
            return [() for _ in images]

    reader = Counts("")
    kit = BrandKit.from_text(f"{KIT}text: {{forbidden: [{{pattern: cure}}], unexpected: {{level: off}}}}\n")
    assert len(list(Gate(kit, reader=reader).stream([PICTURE] * 6))) == 6
    assert (sum(reader.batches), reader.alone) == (6, 0)
    assert len(reader.batches) < 6


def test_a_picture_too_low_for_text_is_never_accepted_and_a_wide_banner_is_read_to_its_end():
    kit = BrandKit.from_text('kit: 1\ntext: {required: [{id: price, value: "$4.90"}], contrast: {level: off}}\n')
    gate = Gate(kit)
    assert gate.judge(np.full((8, 400, 3), 200, np.uint8)).decision == "reject"
    for shown, decision in (("$4.90", "accept"), ("$4.80", "fix")):
        banner = Image.new("RGB", (20_000, 120), (226, 222, 210))
        pen = ImageDraw.Draw(banner)
        pen.text((19_600, 30), shown, font=ImageFont.load_default(48), fill=(20, 30, 70))
        assert gate.judge(np.asarray(banner)).decision == decision


def test_what_is_no_reader_is_refused():
    with pytest.raises(InputError, match="a reader"):
        Gate(BrandKit.from_text(KIT), reader="rapidocr")
