"""Every error this library raises: what was expected, what was got, what to do."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class ConsistencyError(Exception):
    """Base of every error raised on purpose.

    Args:
        expected: What was wanted, as a noun phrase: "an H×W×3 uint8 image".
        got: What came instead. Shortened to 200 characters, control characters escaped.
        hint: What to do about it, as an instruction.

    Example:
        >>> print(ConsistencyError("an H×W×3 image", "(3, 512, 512)", "use load_image()"))
        Expected an H×W×3 image, got (3, 512, 512); use load_image()
    """

    code = "error"

    def __init__(self, expected: str, got: object = None, hint: str = "") -> None:
        self.expected = expected
        self.got = None if got is None else shorten(str(got))
        self.hint = hint
        super().__init__(expected, self.got, hint)

    def __str__(self) -> str:
        got = "" if self.got is None else f", got {self.got}"
        hint = f"; {self.hint}" if self.hint else ""
        return f"Expected {self.expected}{got}{hint}"


class ImageError(ConsistencyError):
    """A picture that cannot be read: the asset's own fault, so a gate rejects it."""

    code = "image.unreadable"
    key = ""
    """Sha256 of the bytes that could not be read, where there were any."""


class InputError(ConsistencyError, ValueError):
    """An argument outside its documented type, shape or range."""

    code = "input.invalid"


class UnknownName(ConsistencyError, KeyError):
    """A name that no table holds; lists the nearest ones."""

    code = "name.unknown"

    __str__ = ConsistencyError.__str__


class MissingBackend(ConsistencyError, ImportError):
    """A model or package that is not on this machine; the hint names the extra or command."""

    code = "backend.missing"


class WeightsError(ConsistencyError):
    """A weight file whose bytes are not the ones pinned by its sha256."""

    code = "weights.mismatch"


class SpecMismatch(ConsistencyError):
    """Embeddings of two different specs compared with each other."""

    code = "spec.mismatch"


class StoredFormatError(ConsistencyError):
    """A stored file that is damaged, tampered with or newer than this version."""

    code = "stored.format"


class AnchorError(ConsistencyError):
    """References that cannot make an anchor: none, too many, unreadable, or a collapsed encoder."""

    code = "anchor.refused"


class NotEvaluable(ConsistencyError):
    """Something that cannot be measured on this picture; `code` is the reason code."""

    def __init__(self, code: str, expected: str, got: object = None, hint: str = "") -> None:
        self.code = code
        super().__init__(expected, got, hint)


def shorten(text: str, limit: int = 200) -> str:
    """Return `text` on one line, control characters escaped, at most `limit` characters."""
    clean = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"


def unknown_name(kind: str, name: str, known: Iterable[str]) -> UnknownName:
    """Build the error for a name that is not in `known`, with the nearest ones first."""
    names = sorted(known)
    near = get_close_matches(name, names, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else f"use one of {', '.join(names)}"
    return UnknownName(f"a known {kind}", repr(name), hint)
