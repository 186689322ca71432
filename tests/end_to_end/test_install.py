"""What an installation must look like: one OpenCV without a GUI, a whole wheel, a light start."""

import importlib.util
import subprocess
import sys
import time
import tomllib
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from shared_data import ROOT

HEAVY = ("torch", "cv2", "onnxruntime", "openvino", "open_clip", "insightface", "easyocr")
IMPORT_SECONDS = 0.35
HELP_SECONDS = 0.7


def run_python(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL
    )
    return done.stdout.strip()


@pytest.fixture(scope="module")
def installer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("installer", ROOT / "tools" / "install.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["installer"] = module
    spec.loader.exec_module(module)
    return module


def test_cv2_has_no_gui() -> None:
    report = run_python("import cv2; print(cv2.getBuildInformation())")
    gui = [line.split(":")[1].strip() for line in report.splitlines() if line.strip().startswith("GUI:")]
    assert gui == ["NONE"], "opencv-python is installed beside the headless one: docs/install.md has the mend"


def test_only_the_headless_opencv_is_installed() -> None:
    names = run_python(
        "from importlib.metadata import distributions as d; print(*(x.metadata['Name'].lower() for x in d()))"
    )
    found = sorted(name for name in names.split() if name.startswith("opencv"))
    assert found == ["opencv-python-headless"]


def test_importing_the_packages_loads_nothing_heavy() -> None:
    loaded = run_python(f"import sys, consistency, qa; print(*[m for m in {HEAVY!r} if m in sys.modules])")
    assert loaded == ""


def test_every_public_name_of_the_packages_exists() -> None:
    code = "import consistency, qa; [getattr(p, n) for p in (consistency, qa) for n in dir(p)]; print('all there')"
    assert run_python(code) == "all there"


def test_a_qa_of_ones_own_shadows_ours_and_the_documented_mend_works(tmp_path: Path) -> None:
    (tmp_path / "qa").mkdir()
    (tmp_path / "qa" / "__init__.py").touch()
    code = "import qa; print(hasattr(qa, 'Gate'))"
    said = {
        mend: subprocess.run(
            [sys.executable, *mend, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
        )
        for mend in ((), ("-P",))
    }
    assert {mend: done.stdout.strip() for mend, done in said.items()} == {(): "False", ("-P",): "True"}


def test_importing_the_packages_is_quick() -> None:
    code = "import time; t = time.perf_counter(); import consistency, qa; print(time.perf_counter() - t)"
    assert min(float(run_python(code)) for _ in range(5)) <= IMPORT_SECONDS


def test_asking_for_help_is_quick() -> None:
    def seconds() -> float:
        start = time.perf_counter()
        run_python("from qa.cli.app import main; import sys; sys.argv = ['qa', '--help']; main()")
        return time.perf_counter() - start

    assert min(seconds() for _ in range(5)) <= HELP_SECONDS


def test_the_wheel_carries_every_file_of_the_packages(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    packed = {name for wheel in tmp_path.glob("*.whl") for name in zipfile.ZipFile(wheel).namelist()}
    sources = {path.relative_to(ROOT / "src").as_posix() for path in (ROOT / "src").rglob("*") if path.is_file()}
    assert {name for name in sources if "__pycache__" not in name} <= packed


def test_every_extra_but_dev_is_part_of_all() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    (everything,) = extras["all"]
    assert set(everything.removeprefix("consistency-qa[").removesuffix("]").split(",")) == set(extras) - {"all", "dev"}


def test_a_torch_of_ones_own_takes_less_disk_and_download(installer: ModuleType) -> None:
    own, default = installer.needed("base", "torch==2.13.0+cpu"), installer.needed("base", "")
    assert 0 < own.disk_gb < default.disk_gb
    assert 0 < own.download_gb < default.download_gb


def test_the_announcement_states_download_and_disk(installer: ModuleType) -> None:
    text = installer.announcement(installer.Need(".", 1.5, 4.0), Path(".venv"), 80.0)
    assert "1.5 GB to download" in text
    assert "4.0 GB on disk" in text


def test_too_little_disk_is_refused_before_anything_is_made(
    installer: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    usage = type("Usage", (), {"free": 10**9})
    monkeypatch.setattr(installer.shutil, "disk_usage", lambda path: usage)
    monkeypatch.setattr(sys, "argv", ["install.py", "base", "--venv", str(tmp_path / "venv")])
    assert installer.main() == 1
    assert "not enough disk" in capsys.readouterr().err
    assert not (tmp_path / "venv").exists()


def test_a_finished_installation_is_left_alone(installer: ModuleType, tmp_path: Path) -> None:
    assert not installer.is_installed(tmp_path, "base", "")
    installer.remember(tmp_path, "dev", "")
    assert installer.is_installed(tmp_path, "base", "")
    assert installer.is_installed(tmp_path, "dev", "")
    assert not installer.is_installed(tmp_path, "base", "torch==2.13.0+cpu")
