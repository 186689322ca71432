"""Reading the text in a picture and matching it with what should stand there. Names load on first use."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.text.reader import READERS as READERS
    from qa.text.reader import Reader as Reader
    from qa.text.reader import ReaderSpec as ReaderSpec
    from qa.text.reader import TextLine as TextLine
    from qa.text.reader import load_reader as load_reader
    from qa.text.verification import TextMatch as TextMatch
    from qa.text.verification import verify as verify
else:
    _NAMES = dict.fromkeys(("READERS", "Reader", "ReaderSpec", "TextLine", "load_reader"), "qa.text.reader")
    _NAMES |= dict.fromkeys(("TextMatch", "verify"), "qa.text.verification")

    def __getattr__(name: str) -> object:
        """Import a public name when it is first used."""
        if name not in _NAMES:
            raise AttributeError(f"module 'qa.text' has no attribute {name!r}")
        return getattr(import_module(_NAMES[name]), name)

    def __dir__() -> list[str]:
        """List the public names without importing them."""
        return sorted(_NAMES)
