"""Where the measuring data lies, if this machine has it."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


def shared_path(name: str) -> Path:
    """Return a folder or file of the shared data, or skip the test where it is absent."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"the measuring data {name} is not on this machine")
    return path
