"""Make `.venv` and install this project into it: what `make demo` and `make test` begin with.

Run by whatever Python is there, so it imports nothing but the standard library. It says first what will be
downloaded and how much disk that takes, and refuses below it.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OLDEST = (3, 11)
GB = 10**9
HEADLESS = "opencv-python-headless"
WITH_GUI = {"opencv-python", "opencv-contrib-python"}


@dataclass(frozen=True)
class Need:
    """What one installation takes, in GB, as measured on Linux x86_64."""

    requirement: str
    download_gb: float
    disk_gb: float


NEEDS = {"base": Need(".", 3.3, 6.5), "dev": Need(".[all,dev]", 3.7, 7.4)}
"""`docs/install.md` says how these were measured: a fresh clone, the newest versions, torch as pip chooses it."""
CUDA_GB = Need("", 2.8, 4.7)
"""What of it is torch's CUDA build; a CPU build named by TORCH and nothing else leaves the rest."""


def main() -> int:
    """Install what the command line asks for, unless it is installed already."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=sorted(NEEDS))
    parser.add_argument("--torch", default="", help="installed first: a pip requirement, options, or a wheel")
    parser.add_argument("--venv", type=Path, default=ROOT / ".venv")
    arguments = parser.parse_args()
    if sys.version_info < OLDEST:
        return refuse(f"Python {sys.version.split()[0]} is too old, 3.11 is needed: make … PYTHON=python3.12")
    if is_installed(arguments.venv, arguments.what, arguments.torch):
        return 0
    need = needed(arguments.what, arguments.torch)
    free = shutil.disk_usage(ROOT).free / GB + size_gb(arguments.venv)
    print(announcement(need, arguments.venv, free), flush=True)
    if free < need.disk_gb + need.download_gb:
        return refuse("not enough disk; make … TORCH=… takes a smaller torch (docs/install.md), or free some")
    install(arguments.venv, need.requirement, arguments.torch)
    remember(arguments.venv, arguments.what, arguments.torch)
    return 0


def needed(what: str, torch: str) -> Need:
    """Return what an installation needs; a torch of one's own is not counted, only what it replaces."""
    need = NEEDS[what]
    if not torch:
        return need
    return Need(need.requirement, need.download_gb - CUDA_GB.download_gb, need.disk_gb - CUDA_GB.disk_gb)


def announcement(need: Need, folder: Path, free_gb: float) -> str:
    """Return what is about to happen, with figures."""
    return (
        f"Installing {need.requirement} into {folder}.\n"
        f"At most {need.download_gb:.1f} GB to download and {need.disk_gb:.1f} GB on disk, the download again in\n"
        f"pip's cache; {free_gb:.1f} GB are free. Nothing is fetched after this."
    )


def size_gb(folder: Path) -> float:
    """Return how much a folder that is there already takes."""
    files = (Path(path) / name for path, _, names in os.walk(folder) for name in names)
    return sum(file.lstat().st_size for file in files) / GB


def install(folder: Path, requirement: str, torch: str) -> None:
    """Make the environment where there is none, then install torch of one's own, the project, the one OpenCV."""
    if not (folder / "bin" / "python").exists() and not (folder / "Scripts").exists():
        venv.create(folder, with_pip=True)
    if torch:
        pip(folder, "install", *shlex.split(torch))
    pip(folder, "install", "--editable", requirement)
    keep_headless_opencv(folder)


def keep_headless_opencv(folder: Path) -> None:
    """Leave only the OpenCV without a GUI: both wheels own the same `cv2` folder, and the other links libGL."""
    listed = subprocess.run([*command(folder), "list", "--format=json"], check=True, capture_output=True, cwd=ROOT)
    versions = {package["name"].lower(): package["version"] for package in json.loads(listed.stdout)}
    unwanted = sorted(WITH_GUI & versions.keys())
    if unwanted:
        pip(folder, "uninstall", "--yes", *unwanted)
        pip(folder, "install", "--force-reinstall", "--no-deps", f"{HEADLESS}=={versions[HEADLESS]}")


def pip(folder: Path, *arguments: str) -> None:
    """Run the environment's pip; its failure is this script's."""
    done = subprocess.run([*command(folder), *arguments], check=False, cwd=ROOT)
    if done.returncode:
        raise SystemExit(done.returncode)


def command(folder: Path) -> list[str]:
    """Return how the environment's pip is called."""
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    return [str(python), "-m", "pip", "--disable-pip-version-check"]


def is_installed(folder: Path, what: str, torch: str) -> bool:
    """Whether an earlier run installed the same, or more, from the pyproject.toml of today."""
    stamps = [stamp_of(folder, larger) for larger in ("dev", what)]
    fresh = (ROOT / "pyproject.toml").stat().st_mtime
    return any(
        stamp.exists() and stamp.stat().st_mtime >= fresh and torch in ("", stamp.read_text(encoding="utf-8"))
        for stamp in stamps
    )


def remember(folder: Path, what: str, torch: str) -> None:
    """Leave the stamp that `is_installed` looks for."""
    stamp_of(folder, what).write_text(torch, encoding="utf-8")


def stamp_of(folder: Path, what: str) -> Path:
    """Return where the stamp of an installation lies."""
    return folder / f".installed-{what}"


def refuse(why: str) -> int:
    """Say why nothing is installed."""
    print(f"Refused: {why}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
