"""The examples run, as they stand."""

import importlib.util
import re
import shutil
from pathlib import Path
from types import ModuleType

import nbformat
import pytest
from nbclient import NotebookClient

from shared_data import ROOT

EXAMPLES = ROOT / "examples"


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_gate_a_folder_prints_what_is_not_accepted(
    campaign_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    campaign = campaign_folder / "qa-demo"
    for picture in sorted((campaign / "assets").iterdir())[:6]:
        shutil.copy(picture, tmp_path)
    load("gate_a_folder").main([str(campaign / "brand.yaml"), str(tmp_path), str(campaign / "briefs.csv")])
    said = capsys.readouterr().out
    assert re.search(r"^reject ", said, re.M)
    assert re.search(r"^\d+ assets: \d+ accept, \d+ fix, \d+ reject", said, re.M)


def test_the_pipeline_keeps_rerolls_and_mends() -> None:
    outcomes = load("pipeline").main(7)
    assert outcomes.total() == 7
    assert outcomes["kept at attempt 2"] > 0
    assert outcomes["kept at attempt 1"] > 0
    assert outcomes["mended"] > 0


def test_the_notebook_runs_from_top_to_bottom(tmp_path: Path) -> None:
    notebook = nbformat.read(EXAMPLES / "explore.ipynb", as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = [output for cell in notebook.cells for output in cell.get("outputs", []) if output.output_type != "stream"]
    assert sum("text/html" in output.data for output in shown) >= 2


def test_the_notebook_is_stored_without_outputs() -> None:
    notebook = nbformat.read(EXAMPLES / "explore.ipynb", as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in cells)
