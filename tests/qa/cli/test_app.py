"""The command as a whole: light to call for help, clear about what it cannot do."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from typer.testing import CliRunner

from consistency.runtime.tables import load_entry
from qa.cli.action import ACTIONS
from qa.cli.app import app
from qa.cli.lazy import COMMANDS

HEAVY = ("numpy", "pydantic", "cv2", "torch", "openvino", "onnxruntime", "rich", "jinja2", "yaml", "PIL")


def run(*arguments: str) -> object:
    return CliRunner().invoke(app, list(arguments))


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom qa.cli.app import app\n"
        "try:\n    app(['--help'])\nexcept SystemExit as end:\n    assert end.code == 0\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_help_lists_every_command_in_one_line() -> None:
    result = run("--help")
    for name, entry in COMMANDS.items():
        assert name in result.stdout
        assert entry.summary in " ".join(result.stdout.split())


@pytest.mark.parametrize("name", [*COMMANDS, "models list", "models verify", "models pull"])
def test_every_command_explains_itself(name: str) -> None:
    result = run(*name.split(), "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.stdout


@pytest.mark.parametrize("name", ["gate", "init", "report"])
def test_help_teaches_by_examples(name: str) -> None:
    assert f"  qa {name} " in run(name, "--help").stdout


@pytest.mark.parametrize("name", ACTIONS)
def test_the_work_behind_every_command_is_there(name: str) -> None:
    assert callable(load_entry(ACTIONS, name, "command"))


def test_version_is_that_of_the_distribution() -> None:
    assert run("--version").stdout.strip() == f"consistency-qa {version('consistency-qa')}"


def test_a_misspelt_command_names_the_nearest() -> None:
    result = run("gaet", "x")
    assert result.exit_code == 2
    assert "gate" in result.stderr


def test_a_fault_of_ours_is_no_reject(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(ACTIONS, "report", "json:JSONDecoder.missing")
    result = run("report", str(tmp_path / "run.jsonl"))
    assert result.exit_code == 2
    assert "please report" in result.stderr


@pytest.mark.parametrize("content", [None, "", "{}\n", "no json\n", '{"format":"qa.run","version":99}\n'])
def test_a_file_that_is_no_run_is_refused(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "run.jsonl"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    result = run("report", str(file))
    assert result.exit_code == 2
    assert result.stderr.startswith("qa: ")
    assert len(result.stderr.splitlines()) == 1


def test_models_are_listed_with_their_licence_and_verified() -> None:
    result = run("models", "list")
    assert result.exit_code == 0
    assert "Apache-2.0" in result.stdout
    assert run("models", "verify").exit_code == 0
