"""Differences that nobody could be sure of without knowing the typeface: look-alikes, caseless pairs, accents."""

from __future__ import annotations

from enum import StrEnum

from rapidfuzz.distance import Levenshtein

from qa.text.confusables import without_marks


class Kind(StrEnum):
    """How two texts differ, by what it takes to tell them apart."""

    OTHER = "other"
    ALIKE = "alike"
    FIGURE = "figure"
    ACCENT = "accent"


SHAPES = (
    "Il1|!iíìïıj",
    "0OoQDΟο°º",
    "Cc",
    "Kk",
    "Pp",
    "Ss5$",
    "Uu",
    "Vv",
    "Ww",
    "Xx",
    "Yy",
    "Zz2",
    "gq9",
    "-–—_",
    ".,:;·",
    "B8ß",
    "'’`\"",
)
"""Groups of symbols that some face draws nearly the same, size apart. (A case pair drawn alike but for its size is told
only by what stands beside it.)"""

FIGURES = ("0OoQDΟο°º", "1lI|!", "S$")
"""Groups of figures or signs and the letters that a recogniser takes them for, by what stands beside them."""

_GROUP = {symbol: number for number, shapes in enumerate(SHAPES) for symbol in shapes}

_FIGURE = {symbol: number for number, shapes in enumerate(FIGURES) for symbol in shapes}

MARKS = frozenset(".,:;·'’`\"*°º-_™®")
"""Small signs that a recogniser loses or invents without a trace in its probabilities."""


def kind_of(first: str, second: str) -> Kind:
    """Return how two texts differ: by accents alone, by look-alikes, by a figure for a look-alike letter, or more.

    Among figures a recogniser takes a letter for the figure that it looks like, and the other way round, so that much
    more must speak for one of them.

    Example:
        >>> [kind_of(*pair).value for pair in (("Sale", "Sole"), ("Sale", "SaIe"), ("$10", "$1O"), ("Maß é", "Maß è"))]
        ['other', 'alike', 'figure', 'accent']
    """
    if len(first) != len(second):
        return Kind.OTHER
    kinds = {_kind(a, b) for a, b in zip(first, second, strict=True) if a != b}
    order = (Kind.OTHER, Kind.FIGURE, Kind.ALIKE, Kind.ACCENT)
    return next((kind for kind in order if kind in kinds), Kind.OTHER)


def _kind(first: str, second: str) -> Kind:
    bare = without_marks(first), without_marks(second)
    if bare[0] == bare[1]:
        return Kind.ACCENT
    if _GROUP.get(bare[0], -1) != _GROUP.get(bare[1], -2):
        return Kind.OTHER
    is_figure = _FIGURE.get(first, -1) == _FIGURE.get(second, -2) and first.isalpha() != second.isalpha()
    return Kind.FIGURE if is_figure else Kind.ALIKE


def is_only_marks(first: str, second: str) -> bool:
    """Whether two texts differ by nothing but small signs there or not there.

    Example:
        >>> is_only_marks("$4.90*", "$4.90"), is_only_marks("$4.90", "$4.80")
        (True, False)
    """
    operations = Levenshtein.editops(first, second)
    return all(
        (op.tag == "delete" and first[op.src_pos] in MARKS) or (op.tag == "insert" and second[op.dest_pos] in MARKS)
        for op in operations
    )
