"""Nothing is fetched and nothing but the cache is written: real runs of the command with every connection refused."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

BLOCKED = """
import socket, sys

def refuse(*_, **__):
    raise OSError("this run may not reach the network")

for name in ("connect", "connect_ex", "sendto"):
    setattr(socket.socket, name, refuse)
socket.getaddrinfo = socket.create_connection = refuse

from qa.cli.app import main

code = 0
try:
    main()
except SystemExit as stop:
    code = stop.code
heavy = sorted({"torch", "torchvision", "easyocr", "open_clip", "insightface"} & set(sys.modules))
print("loaded:", *heavy, file=sys.stderr)
sys.exit(code)
"""


def run(*arguments: str, cache: Path | None = None, home: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k not in ("XDG_CACHE_HOME", "CONSISTENCY_CACHE")}
    environment |= {"HOME": home} if home else {}
    environment |= {"CONSISTENCY_CACHE": str(cache)} if cache else {}
    command = [sys.executable, "-c", BLOCKED, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=400)


@pytest.fixture(scope="module")
def gate_arguments(campaign_folder: Path) -> list[str]:
    folder = campaign_folder / "qa-demo"
    assets = sorted((folder / "assets").iterdir())[:2]
    return ["gate", str(folder / "brand.yaml"), *map(str, assets), "--briefs", str(folder / "briefs.csv")]


def test_a_gate_with_a_warm_cache_imports_no_torch(gate_arguments: list[str], tmp_path: Path) -> None:
    cold, warm = (run(*gate_arguments, cache=tmp_path) for _ in range(2))
    assert cold.returncode == warm.returncode in (0, 1, 3), cold.stderr
    assert cold.stdout.splitlines()[:3] == warm.stdout.splitlines()[:3]
    assert warm.stderr.splitlines()[-1] == "loaded:"


def test_the_demo_runs_without_network_and_without_a_home_to_write_to(tmp_path: Path) -> None:
    done = run("demo", str(tmp_path / "demo"), home="/dev/null")
    assert done.returncode == 0, done.stderr
    assert "agreement: 100" in done.stdout + done.stderr
    assert (tmp_path / "demo").is_dir()
