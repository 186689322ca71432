"""Kits from text and in folders, with the sections of `sample_sections`."""

from collections.abc import Callable
from pathlib import Path

import pytest

from qa.kit.kit import BrandKit
from sample_sections import SECTIONS


@pytest.fixture
def read() -> Callable[..., BrandKit]:
    """A kit from text, with the sections above; `kit: 1` is put before it."""

    def from_text(text: str, folder: Path | None = None) -> BrandKit:
        return BrandKit.from_text("kit: 1\n" + text, folder=folder, sections=SECTIONS)

    return from_text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a kit that names three files."""
    refs = tmp_path / "acme" / "refs"
    refs.mkdir(parents=True)
    for name in ("a.jpg", "b.jpg", "old.png"):
        (refs / name).write_bytes(f"bytes of {name}".encode())
    (tmp_path / "acme" / "brand.yaml").write_text(
        "kit: 1\n"
        "name: Acme summer\n"
        "subjects:\n"
        "  sneaker: {references: [refs/*.jpg], not_like: refs/old.png}\n"
        'colors: {acme_blue: {value: "#0055aa"}}\n'
    )
    return tmp_path / "acme"
