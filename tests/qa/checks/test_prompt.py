"""An asset that is not what was asked for stands out of its batch, where anything can be told."""

from dataclasses import replace

import numpy as np
import pytest

from consistency.errors import shorten
from qa.asset import Asset, Brief, Provenance
from qa.checks.prompt import PromptCheck, read, written
from qa.codes import CODES
from qa.engines import Engines
from qa.evidence import Evidence
from qa.gate import Gate
from qa.kit.kit import BrandKit, ModelOptions
from qa.reports.html.page import render
from qa.reports.records import batch_record
from qa.reports.summary import summarise
from qa.verdict import Level, Status
from sample_run import sample_run
from tiny_models import clip_weights

QUIET = "sharpness: {level: off}\nexposure: {level: off}\nduplicates: {level: off}\n"
RNG = np.random.default_rng(0)
PICTURES = [RNG.integers(0, 256, (64, 64, 3), np.uint8) for _ in range(3)]


def check(options="{}"):
    return PromptCheck.from_kit(BrandKit.from_text(f"kit: 1\nprompt: {options}\n"))


def traces(count=12, wrong=(), each=1):
    """Return traces of a batch; the pictures of those of `wrong` point away from their prompts."""
    rng = np.random.default_rng(count)
    texts = rng.normal(size=(count, 32)).astype(np.float32)
    pictures = texts + rng.normal(size=texts.shape).astype(np.float32)
    made = []
    pictures[list(wrong)] *= -1
    for place in np.repeat(np.arange(count), each):
        prompt = f"prompt {place}"
        made.append(
            {
                "asset": f"{len(made):02}.png", "prompt": prompt, "digest": prompt, "is_cut": False, "model": "m",
                "picture": written(pictures[place]), "text": written(texts[place]),
            }
        )  # fmt: skip
    return made


def test_a_batch_that_follows_its_prompts_is_one_pass():
    (found,) = check().conclude(traces())
    assert (found.rule, found.code, found.status, found.asset) == ("prompt", "met", Status.PASS, "")
    assert found.evidence["compared"] == 12


def test_the_asset_that_shows_something_else_is_named_with_its_figures():
    (found,) = check().conclude(traces(20, wrong={7}))
    assert (found.asset, found.code, found.status, found.level) == (
        "07.png", "prompt.not_followed", Status.FAIL, Level.WARN,
    )  # fmt: skip
    assert found.value == pytest.approx(found.evidence["better"] / found.evidence["others"], abs=1e-4)
    assert found.value > found.limit.value == 0.2
    assert found.evidence["prompt"] == "prompt 7"


def test_the_kit_says_how_many_may_fit_as_well():
    assert check("{max_share: 100%}").conclude(traces(20, wrong={7}))[0].status is Status.PASS
    assert check("{level: block}").conclude(traces(20, wrong={7}))[0].level is Level.BLOCK


def test_a_batch_too_small_to_say_is_never_a_pass():
    (few,) = check().conclude(traces(5))
    assert (few.code, few.status, few.evidence["assets"]) == ("prompt.too_few", Status.NOT_EVALUABLE, 5)
    (same,) = check().conclude(traces(1, each=30))
    assert same.code == "prompt.too_few"
    assert check().conclude([]) == []


def test_prompts_that_the_model_does_not_tell_apart_raise_no_alarm():
    mixed, shuffled = traces(30), np.random.default_rng(1).permutation(30)
    pictures = [mixed[place]["picture"] for place in shuffled]
    (found,) = check().conclude([{**each, "picture": other} for each, other in zip(mixed, pictures, strict=True)])
    assert (found.code, found.status) == ("prompt.too_alike", Status.NOT_EVALUABLE)


def test_what_cannot_be_compared_is_said_beside_what_can_be():
    silent = [{"asset": f"silent_{place}.png", "code": "prompt.no_prompt"} for place in range(5)]
    passed, unmeasured = check().conclude([*traces(), *silent])
    assert (passed.status, unmeasured.code) == (Status.PASS, "prompt.no_prompt")
    assert unmeasured.observed.endswith("silent_0.png, silent_1.png, silent_2.png and 2 more")
    assert unmeasured.evidence == {"assets": 5, "of": 17}


def test_it_is_on_only_where_the_kit_asks():
    assert PromptCheck.from_kit(BrandKit.from_text("kit: 1\n")) is None
    assert check("{level: off}") is None


def test_a_vector_survives_being_written_and_read():
    vector = np.random.default_rng(0).normal(size=512).astype(np.float32)
    assert read(written(vector)) @ (vector / np.linalg.norm(vector)) > 1 - 1e-6
    assert written(np.zeros(4, np.float32)) == written(np.full(4, np.nan, np.float32)) == ""


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    pytest.importorskip("open_clip", reason="the clip extra is not installed")
    weights = clip_weights(tmp_path_factory.mktemp("clip"), "prompt-clip", tower="convnext")
    return f"models: {{embedder: 'openclip:prompt-clip:{weights}'}}\n"


def observe(engines, picture, **said):
    asset = Asset.read(picture, name="a.png", **said)
    return check().observe(asset, Evidence(asset, engines))


def test_picture_and_prompt_become_vectors_of_one_model(models):
    engines = Gate(BrandKit.from_text(f"kit: 1\n{models}prompt: {{}}\n")).engines
    seen = observe(engines, PICTURES[0], brief=Brief(prompt="a red bottle"))
    assert read(seen["picture"]).shape == read(seen["text"]).shape == (32,)
    assert (seen["model"], seen["is_cut"]) == (engines.embedder().spec.id, False)
    spaced = observe(engines, PICTURES[0], brief=Brief(prompt="a  red\nbottle"))
    assert (spaced["digest"], spaced["text"]) == (seen["digest"], seen["text"])
    generated = observe(engines, PICTURES[0], provenance=Provenance(prompt="a red bottle"))
    assert generated["code"] == "prompt.no_prompt"  # provenance is never judged
    long = observe(engines, PICTURES[0], brief=Brief(prompt="bottle " * 50_000))
    assert (long["is_cut"], len(long["prompt"])) == (True, 120)
    assert observe(engines, PICTURES[0], brief=Brief(prompt=" \n"))["code"] == "prompt.no_prompt"


def test_a_model_without_a_text_half_is_said():
    seen = observe(Engines(ModelOptions()), PICTURES[0], brief=Brief(prompt="a red bottle"))
    assert seen == {"asset": "a.png", "code": "prompt.no_text_half"}
    (found,) = check().conclude([seen])
    assert (found.code, found.status) == ("prompt.no_text_half", Status.NOT_EVALUABLE)


def test_a_hostile_prompt_changes_no_verdict(models):
    gate = Gate(BrandKit.from_text(f"kit: 1\n{models}{QUIET}prompt: {{}}\n"), threads=1)
    hostile = "<script>alert(1)</script>\x1b[31m\u202e" * 1000
    briefs = [Brief(prompt=hostile), Brief(prompt="<end_of_text>"), Brief()]
    assets = [Asset.read(each, name=f"{i}.png", brief=briefs[i]) for i, each in enumerate(PICTURES)]
    batch = gate.judge_many(assets)
    assert {str(verdict.decision) for verdict in batch} == {"accept"}
    assert {f.code for f in batch.findings} == {"prompt.too_few", "prompt.no_prompt"} <= set(CODES)


def test_the_prompt_is_quoted_short_and_on_one_line(models):
    engines = Gate(BrandKit.from_text(f"kit: 1\n{models}prompt: {{}}\n")).engines
    seen = observe(engines, PICTURES[0], brief=Brief(prompt="<script>\x1b[31m\u202e\n" * 1000))
    assert seen["prompt"].isprintable()
    assert len(seen["prompt"]) == 120


def test_a_quoted_prompt_stays_text_in_the_page():
    prompt = shorten("<script>alert(1)</script>\x1b[31m\u202e", 120)
    findings = check().conclude([{**each, "prompt": prompt} for each in traces(20, wrong={7})])
    run = sample_run()
    page = render(replace(run, batch=batch_record(findings, summarise(run.verdicts), timings={"seconds": 1.0})))
    assert "fit this one at least as well" in page
    assert "<script>alert" not in page
    assert not {"\x1b", "\u202e"} & set(page)
