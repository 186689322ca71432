"""Texts that stand on the kit's own pictures: on the product itself they are no surprise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from threading import Lock

from rapidfuzz import fuzz

from consistency.errors import ImageError
from consistency.image import load_image
from qa.text.reader import Reader
from qa.text.spelling import Rules, comparable

PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".avif", ".tif", ".tiff", ".bmp"})

MIN_LIKENESS = 70.0
"""Share in percent of the characters that agree with some part of a reference's line: a label at an angle reads
differently from picture to picture."""

LOOSE = Rules(is_case_strict=False)


@dataclass(frozen=True)
class KnownTexts:
    """Lines read on reference pictures, without spaces and case."""

    lines: tuple[str, ...]

    def explain(self, text: str) -> bool:
        """Whether a text is, nearly, one of these lines or a part of one."""
        wanted = comparable(text, LOOSE)
        return any(_is_part(wanted, line) for line in self.lines)


def _is_part(wanted: str, line: str) -> bool:
    # A short line inside a long text explains only a piece of it.
    return len(wanted) <= 1.5 * len(line) and fuzz.partial_ratio(wanted, line) >= MIN_LIKENESS


class ReferenceTexts:
    """The texts on every picture that a kit names, read when first asked for, once, whatever the thread.

    Args:
        files: The kit's files, name → bytes.
    """

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = {name: files[name] for name in sorted(files) if PurePosixPath(name).suffix.lower() in PICTURES}
        self._lock = Lock()
        self._known: KnownTexts | None = None

    def read(self, reader: Reader) -> KnownTexts:
        """Return what the references say; one that cannot be read says nothing."""
        with self._lock:
            if self._known is None:
                lines = (line for data in self._files.values() for line in _lines(data, reader))
                self._known = KnownTexts(tuple(dict.fromkeys(lines)))
            return self._known


def _lines(data: bytes, reader: Reader) -> list[str]:
    try:
        pixels = load_image(data).on_background((255, 255, 255)).pixels
    except ImageError:
        return []
    return [comparable(line.text, LOOSE) for line in reader.read(pixels)]
