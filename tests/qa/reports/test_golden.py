"""The reports of one run, held to the character; write them anew with QA_WRITE_GOLDEN=1 and read the difference."""

import os
import re
from pathlib import Path

import pytest

from qa.reports.formats import FORMATS, load_format
from sample_run import sample_run

GOLDEN = Path(__file__).parent / "golden"
SUFFIXES = {"text": "txt", "json": "json", "jsonl": "jsonl", "junit": "xml", "html": "html"}


def normalised(text: str) -> str:
    """Leave out of a page what may change by itself: encoded pictures, our style and script, and their hashes."""
    if not text.startswith("<!doctype html>"):
        return text
    text = re.sub(r"data:image/jpeg;base64,[A-Za-z0-9+/=]+", "PICTURE", text)
    text = re.sub(r"<(style|script)>.*?</\1>", r"<\1></\1>", text, flags=re.DOTALL)
    return re.sub(r"sha256-[A-Za-z0-9+/=]+", "HASH", text)


@pytest.mark.parametrize("name", FORMATS)
def test_the_report_is_the_golden_one(name: str, tmp_path: Path) -> None:
    text = normalised(load_format(name)(sample_run(tmp_path)))
    file = GOLDEN / f"report.{SUFFIXES[name]}"
    if os.environ.get("QA_WRITE_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    assert text == file.read_text(encoding="utf-8")
