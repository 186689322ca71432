"""Every benchmark's quick size runs and writes the figures it promises, so that none rots."""

import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from shared_data import shared_path

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
FIGURES = {
    "color.py": {"prepared", "first_picture", "table", "findings", "errors", "cuda"},
    "gate.py": {"assets_per_second", "ratio_to_obvious_script", "memory"},
    "color_truth.py": {"profiles", "shading", "planted", "clean", "trend", "repair", "contrast"},
    "demo_seeds.py": {"decisions", "reasons", "seeds"},
    "gate_truth.py": {"clean", "faulty_accepted"},
    "guarantee.py": {"populations", "labels", "unequal_chances", "gate_labels", "batches", "curves"},
    "identity.py": {
        "pairs",
        "templates",
        "looks",
        "alike",
        "scenes",
        "wrong",
        "defects",
        "changes",
        "generated",
        "copies",
        "honesty",
    },
    "identity_real.py": {"counts", "shares"},
    "identity_sets.py": {"faces", "people", "products", "windows", "background"},
    "identity_speed.py": {"default", "openclip", "scoring", "floor", "stages", "aims"},
    "null.py": {"without_references"},
    "text.py": {"milliseconds", "ratio_to_peer", "aims", "batched", "lines_exact", "stages_milliseconds"},
    "text_truth.py": {"rendered", "photographed", "forbidden", "unexpected", "retext", "glyphs"},
}
NEEDS_DATA = {
    "identity.py": "data/identity_products",
    "identity_real.py": "data/identity_products",
    "identity_sets.py": "data/faces",
    "color_truth.py": "data/color/simple_icons",
}

TOO_FEW_FACES = "expected at least 30 font faces"
"""What text_truth.py says on a machine without the fonts that it draws with."""


def test_every_script_that_measures_is_listed_here():
    scripts = {path.name for path in BENCHMARKS.glob("*.py") if "--quick" in path.read_text()}
    assert scripts == set(FIGURES)


@pytest.mark.parametrize("name", sorted(set(FIGURES) - {"gate_truth.py"}))  # that one runs in test_demo
def test_its_quick_size_writes_its_figures(name, tmp_path):
    if name in NEEDS_DATA:
        shared_path(NEEDS_DATA[name])
    out = tmp_path / "out.json"
    command = [sys.executable, str(BENCHMARKS / name), "--quick", "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=500)
    if done.returncode and TOO_FEW_FACES in done.stderr:
        pytest.skip(done.stderr.strip().splitlines()[-1])
    assert done.returncode == 0, done.stderr[-2000:]
    assert set(json.loads(out.read_text())) >= FIGURES[name]


def test_a_folder_with_too_few_faces_ends_the_benchmark_and_says_how_many_it_takes(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    faces = importlib.import_module("text_scenes.faces")
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    with pytest.raises(SystemExit, match=f"{TOO_FEW_FACES}.*got 0"):
        faces.find_faces(tmp_path)
