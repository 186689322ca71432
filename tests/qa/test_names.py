import subprocess
import sys

import pytest

import qa

HEAVY = ("numpy", "pydantic", "yaml", "torch", "cv2", "onnxruntime", "openvino", "open_clip", "insightface", "easyocr")


@pytest.mark.parametrize("name", qa.__all__)
def test_every_name_users_meet_loads(name: str) -> None:
    assert getattr(qa, name).__name__ == name
    assert name in dir(qa)


def test_a_misspelt_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="Gat"):
        qa.Gat  # noqa: B018


def test_importing_loads_nothing_heavy() -> None:
    code = f"import sys, consistency, qa; print([name for name in {HEAVY} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
