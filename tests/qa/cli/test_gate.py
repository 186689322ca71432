"""The command `qa gate` on real files, by the real gate."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring
from PIL import ImageFont
from typer.testing import CliRunner, Result

from campaign_folder import GOOD, OFF, picture, write_campaign, write_kit, write_many
from qa.cli.app import app
from qa.cli.exit_codes import PIPE_CLOSED
from qa.reports.jsonl import read_run

QA = [sys.executable, "-c", "from qa.cli.app import main; main()"]
ENV = {**os.environ, "OMP_NUM_THREADS": "1", "COLUMNS": "160"}

Qa = Callable[..., Result]


@pytest.fixture
def qa(tmp_path: Path) -> Qa:
    """Run `qa gate` with the kit of this folder."""
    kit = write_kit(tmp_path)

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(app, ["gate", str(kit), *map(str, arguments)])

    return run


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    return write_campaign(tmp_path / "out")


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return picture(tmp_path / "single" / "good.png")


@pytest.fixture
def off(tmp_path: Path) -> Path:
    return picture(tmp_path / "single" / "off.png", OFF)


def decisions(stdout: str) -> dict[str, str]:
    records = [json.loads(line) for line in stdout.splitlines()]
    return {r["asset"]["name"]: r["decision"] for r in records if r["format"] == "qa.verdict"}


def test_a_folder_is_judged_asset_by_asset(qa: Qa, campaign: Path) -> None:
    result = qa(campaign, "--format", "jsonl")
    assert result.exit_code == 1
    assert decisions(result.stdout) == {
        "good.png": "accept",
        "more/fine.png": "accept",
        "more/off.png": "fix",
        "small.png": "reject",
        "torn.png": "reject",
    }
    assert "ignored 1 files" in result.stderr
    assert "notes.txt" in result.stderr


@pytest.mark.parametrize("name", ["text", "json", "jsonl", "junit", "html"])
def test_no_format_changes_the_exit_code(qa: Qa, campaign: Path, good: Path, off: Path, name: str) -> None:
    codes = [qa(asset, "--format", name).exit_code for asset in (campaign, good, off)]
    assert codes == [1, 0, 3]


@pytest.mark.parametrize(("outcome", "codes"), [("reject", [1, 0]), ("never", [0, 0]), ("fix", [1, 3])])
def test_fail_on_changes_the_exit_code(qa: Qa, campaign: Path, off: Path, outcome: str, codes: list[int]) -> None:
    assert [qa(asset, "--fail-on", outcome).exit_code for asset in (campaign, off)] == codes


def test_a_missing_file_is_a_reject_and_no_crash(qa: Qa, tmp_path: Path) -> None:
    result = qa(tmp_path / "missing.png", "--format", "jsonl")
    assert result.exit_code == 1
    assert decisions(result.stdout) == {"missing.png": "reject"}


@pytest.mark.parametrize("argument", ["empty", "empty/*.png"])
def test_nothing_to_judge_is_no_pass(qa: Qa, tmp_path: Path, argument: str) -> None:
    (tmp_path / "empty").mkdir()
    result = qa(tmp_path / argument, "--fail-on", "never", "--format", "junit")
    assert result.exit_code == 4
    assert "not a pass" in result.stderr
    assert fromstring(result.stdout).get("tests") == "0"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--report", "{kit}"], "brand.yaml"),
        (["--labels-out", "{kit}"], "may hold labels"),
        (["--sort-to", "{out}/sorted"], "outside the assets"),
        (["--briefs", "{out}/none.csv"], "none.csv"),
        (["--as-of", "yesterday"], "yesterday"),
        (["--format", "pdf"], "pdf"),
        (["--threads", "0"], "--threads"),
    ],
)
def test_what_cannot_work_is_refused_before_anything_is_judged(
    qa: Qa, campaign: Path, tmp_path: Path, arguments: list[str], said: str
) -> None:
    places = {"kit": tmp_path / "brand.yaml", "out": campaign}
    result = qa(campaign, *(argument.format(**places) for argument in arguments))
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert not result.stdout


def test_a_kit_that_is_wrong_says_where(tmp_path: Path, good: Path) -> None:
    write_kit(tmp_path, "shapness: {level: warn}\n")
    result = CliRunner().invoke(app, ["gate", str(tmp_path), str(good)])
    assert result.exit_code == 2
    assert "brand.yaml:8" in result.stderr
    assert "sharpness" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("stated", "is_said"), [("", True), (", accept: 0.8", False), ("}}\npolicy: {uncalibrated: review", False)]
)
def test_identity_by_limits_of_other_subjects_is_said(tmp_path: Path, stated: str, *, is_said: bool) -> None:
    picture(tmp_path / "ref.png", seed=3)
    write_kit(tmp_path, f"subjects: {{can: {{references: ref.png{stated}}}}}\n".replace("review}}", "review}"))
    result = CliRunner().invoke(app, ["gate", str(tmp_path), str(tmp_path / "none")])
    assert ("may take a sibling for yours" in result.stderr) is is_said


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (None, "the kit's texts ask for price; `--briefs` names the file that gives them"),
        ("asset,Price", "the kit's texts ask for price; its briefs give none of that; did you mean Price?"),
        ("asset,price,headline", "no text of the kit asks for what the briefs call headline"),
    ],
)
def test_values_that_are_asked_for_or_given_in_vain_are_said(
    tmp_path: Path, good: Path, header: str | None, said: str
) -> None:
    write_kit(tmp_path, 'text:\n  required: [{id: price, value: "{price}", locale: de}]\n')
    arguments = []
    if header is not None:
        (tmp_path / "b.csv").write_text(f"{header}\n{','.join(['good.png', '$49', 'SALE'][: header.count(',') + 1])}\n")
        arguments = ["--briefs", str(tmp_path / "b.csv")]
    result = CliRunner().invoke(app, ["gate", str(tmp_path), str(good), *arguments])
    assert said in result.stderr


@pytest.mark.parametrize(("font", "is_told"), [("", True), (", font: brand.ttf", False)])
def test_an_exact_text_without_a_font_is_told_to_be_less_sure(
    tmp_path: Path, good: Path, font: str, *, is_told: bool
) -> None:
    (tmp_path / "brand.ttf").write_bytes(ImageFont.load_default(40).font_bytes)
    price = f'{{id: price, value: "$49", mode: exact, locale: de{font}}}'
    write_kit(tmp_path, f"text:\n  required: [{price}, {{id: sale, value: SALE, locale: de}}]\n")
    result = CliRunner().invoke(app, ["gate", str(tmp_path), str(good)])
    assert result.exit_code == 0
    assert ("without the font; name its file as `font` of text.price\n" in result.stderr) is is_told


def test_debug_shows_the_traceback(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["--debug", "gate", str(tmp_path / "none.yaml"), "a.png"])
    assert result.exit_code == 2
    assert "Traceback" in result.stderr


def test_the_report_folder_holds_the_run_in_every_form(qa: Qa, campaign: Path, tmp_path: Path) -> None:
    report = tmp_path / "r"
    result = qa(campaign, "--report", report)
    assert sorted(path.name for path in report.iterdir()) == ["junit.xml", "pictures", "report.html", "run.jsonl"]
    run = read_run(report / "run.jsonl")
    assert run.is_complete
    assert run.batch["summary"]["decisions"] == {"accept": 2, "fix": 1, "reject": 2}
    assert len(list((report / "pictures").iterdir())) == 4
    page = (report / "report.html").read_text(encoding="utf-8")
    assert page.count("data:image/jpeg") == 4
    assert fromstring((report / "junit.xml").read_bytes()).get("failures") == "3"
    assert "Not looked at" in result.stdout


def test_a_stored_run_renders_to_what_the_gate_wrote(qa: Qa, campaign: Path, tmp_path: Path) -> None:
    report = tmp_path / "r"
    qa(campaign, "--report", report)
    for name, file in (("html", "report.html"), ("junit", "junit.xml"), ("jsonl", "run.jsonl")):
        result = CliRunner().invoke(
            app, ["report", str(report / "run.jsonl"), "--format", name, "-o", str(tmp_path / "x")]
        )
        assert result.exit_code == 0
        assert (tmp_path / "x").read_bytes() == (report / file).read_bytes()


def test_a_report_inside_the_assets_is_not_judged_the_next_time(qa: Qa, campaign: Path) -> None:
    qa(campaign, "--report", campaign / "r")
    second = qa(campaign, "--report", campaign / "r", "--format", "jsonl")
    assert len(decisions(second.stdout)) == 5


def test_assets_are_sorted_and_labels_written(qa: Qa, campaign: Path, tmp_path: Path) -> None:
    result = qa(campaign, "--sort-to", tmp_path / "sorted", "--labels-out", tmp_path / "labels.csv")
    found = sorted(p.relative_to(tmp_path / "sorted").as_posix() for p in (tmp_path / "sorted").rglob("*.png"))
    assert found[:3] == ["accept/good.png", "accept/more/fine.png", "fix/more/off.png"]
    assert found[3:] == ["reject/small.png", "reject/torn.png"]
    assert (tmp_path / "labels.csv").read_text(encoding="utf-8").startswith("asset,key,rule,decision,reason,ok_or_bad")
    assert "sorted: 5 assets" in result.stderr


def test_briefs_that_do_not_fit_are_listed_and_strict_refuses(qa: Qa, campaign: Path, tmp_path: Path) -> None:
    briefs = tmp_path / "briefs.csv"
    briefs.write_text("asset,placement\ngood.png,story\nnobody.png,feed\n", encoding="utf-8")
    result = qa(campaign, "--briefs", briefs)
    assert result.exit_code == 1
    assert "1 briefs match no asset: nobody.png" in result.stderr
    assert "4 assets have no brief" in result.stderr
    strict = qa(campaign, "--briefs", briefs, "--strict-briefs")
    assert strict.exit_code == 2
    assert "nobody.png" in strict.stderr


def test_hostile_names_break_no_format(qa: Qa, tmp_path: Path) -> None:
    folder = tmp_path / "evil"
    names = [
        "a\nb.png",
        "<script>alert(1)<|script>.png",
        "[bold]x[|bold].png",
        "rtl\u202egpj.png",
        "ünï 雪 \U0001f600.png",
    ]
    for number, name in enumerate(names):
        picture(folder / name, GOOD, seed=number)
    os.rename(folder / names[0], os.fsencode(folder) + b"/bad\xff\n.png")
    for form in ("text", "json", "jsonl", "junit", "html"):
        result = qa(folder, "--format", form, "--report", tmp_path / "r", "--sort-to", tmp_path / "s")
        assert result.exit_code == 0, result.stderr
        assert "alert(1)" in result.stdout
        if form in ("text", "html"):
            assert "<script>alert" not in result.stdout or form == "text"
            assert "\u202e" not in result.stdout
    assert len(list((tmp_path / "s" / "accept").iterdir())) == len(names)


def test_the_same_run_gives_the_same_bytes_timings_apart(qa: Qa, campaign: Path) -> None:
    def untimed(stdout: str) -> list[object]:
        return [{**json.loads(line), "timings": None} for line in stdout.splitlines()]

    first = qa(campaign, "--format", "jsonl", "--as-of", "2026-01-31", "--threads", "1")
    second = qa(campaign, "--format", "jsonl", "--as-of", "2026-01-31", "--threads", "3")
    assert untimed(first.stdout) == untimed(second.stdout)
    assert '"as_of":"2026-01-31"' in first.stdout


def test_ctrl_c_leaves_a_valid_partial_report_and_says_so(tmp_path: Path) -> None:
    kit, many, report = write_kit(tmp_path), write_many(tmp_path / "many", 600), tmp_path / "r"
    command = [*QA, "gate", str(kit), str(many), "--report", str(report), "--format", "jsonl"]
    process = subprocess.Popen(command, env=ENV, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: (report / "run.jsonl").exists() and (report / "run.jsonl").read_bytes().count(b"\n") > 3)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    run = read_run(report / "run.jsonl")
    assert process.returncode == 130, stderr
    assert 3 <= len(run.verdicts) < 600
    assert not run.is_complete
    assert run.batch is not None
    assert stdout == (report / "run.jsonl").read_text(encoding="utf-8")
    assert f"{len(run.verdicts)} of 600 assets" in stderr
    assert "Traceback" not in stderr
    assert "cut short" in (report / "report.html").read_text(encoding="utf-8")


def test_a_killed_run_is_valid_up_to_its_last_line(tmp_path: Path) -> None:
    kit, many, report = write_kit(tmp_path), write_many(tmp_path / "many", 600), tmp_path / "r"
    command = [*QA, "gate", str(kit), str(many), "--report", str(report), "--format", "jsonl"]
    process = subprocess.Popen(command, env=ENV, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for(lambda: (report / "run.jsonl").exists() and (report / "run.jsonl").read_bytes().count(b"\n") > 3)
    process.kill()
    process.wait(timeout=60)
    run = read_run(report / "run.jsonl")
    assert 3 <= len(run.verdicts) < 600
    result = CliRunner().invoke(app, ["report", str(report / "run.jsonl")])
    assert result.exit_code == 0
    assert "cut short" in result.stdout


def test_a_closed_pipe_is_no_reject(tmp_path: Path) -> None:
    kit, many = write_kit(tmp_path), write_many(tmp_path / "many", 60)
    command = [*QA, "gate", str(kit), str(many), "--format", "jsonl"]
    process = subprocess.Popen(command, env=ENV, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.readline()
    process.stdout.close()
    stderr = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait(timeout=60) == 141, stderr
    assert "Traceback" not in stderr


def wait_for(is_so: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_run_that_breaks_off_leaves_no_earlier_report_beside_it(
    qa: Qa, good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "report"
    assert qa(good, "--report", folder).exit_code == 0

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("qa.gate.Gate.judge_many", full)
    assert qa(good, "--report", folder).exit_code == 2
    assert not (folder / "junit.xml").exists()
    assert not (folder / "report.html").exists()


@pytest.mark.parametrize(("section", "is_said"), [("", True), ("image: {min_short_side: 1}\n", False)])
def test_a_kit_that_can_stop_nothing_is_told(tmp_path: Path, good: Path, section: str, is_said: bool) -> None:
    kit = tmp_path / "small.yaml"
    kit.write_text(f"kit: 1\nname: small\nsharpness: {{level: off}}\nexposure: {{level: off}}\n{section}")
    result = CliRunner().invoke(app, ["gate", str(kit), str(good)])
    assert ("no rule that blocks" in result.stderr) == is_said


@pytest.mark.skipif(os.name != "posix", reason="a shell that closes streams")
@pytest.mark.parametrize("name", ["text", "jsonl"])
@pytest.mark.parametrize("closing", [">&-", "2>&-", ">&- 2>&-"])
def test_a_closed_stream_changes_nothing_but_what_is_said(tmp_path: Path, off: Path, name: str, closing: str) -> None:
    command = [*QA, "gate", str(write_kit(tmp_path)), str(off), "--format", name]
    done = subprocess.run(["sh", "-c", f'exec "$@" {closing}', "sh", *command], capture_output=True, text=True, env=ENV)
    assert done.returncode == 3
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.skipif(os.name != "posix", reason="pipes that break")
@pytest.mark.parametrize("name", ["text", "json", "jsonl"])
def test_a_reader_that_leaves_gets_no_traceback(tmp_path: Path, off: Path, name: str) -> None:
    command = [*QA, "gate", str(write_kit(tmp_path)), str(off), "--format", name]
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, env=ENV)
    os.close(write)
    assert (done.returncode, "Traceback" in done.stderr) == (PIPE_CLOSED, False)


@pytest.mark.parametrize("option", ["--sort-to", "--labels-out"])
def test_a_place_that_cannot_be_written_is_refused_before_anything_is_judged(qa: Qa, good: Path, option: str) -> None:
    result = qa(good, "--format", "jsonl", option, good / "below")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "a folder that can be written" in result.stderr


def test_a_slip_in_the_name_of_a_model_is_refused_with_its_line(tmp_path: Path, good: Path) -> None:
    kit = write_kit(tmp_path, "models: {embedder: efficientnett}\n")
    result = CliRunner().invoke(app, ["gate", str(kit), str(good)])
    assert result.exit_code == 2
    assert "brand.yaml:8:20 models.embedder" in result.stderr
    assert "did you mean efficientnet?" in result.stderr
