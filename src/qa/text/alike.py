"""Differences that nobody could be sure of without knowing the typeface: look-alikes, caseless pairs, accents."""

from __future__ import annotations

from rapidfuzz.distance import Levenshtein

from qa.text.confusables import without_marks

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

_GROUP = {symbol: number for number, shapes in enumerate(SHAPES) for symbol in shapes}

MARKS = frozenset(".,:;·'’`\"*°º-_™®")
"""Small signs that a recogniser loses or invents without a trace in its probabilities."""


def are_alike(first: str, second: str) -> bool:
    """Whether two texts differ by nothing but characters that look alike, or accents.

    Example:
        >>> are_alike("Sale", "SaIe"), are_alike("Sale", "Sole")
        (True, False)
    """
    if len(first) != len(second):
        return False
    return all(_is_alike(a, b) for a, b in zip(first, second, strict=True) if a != b)


def _is_alike(first: str, second: str) -> bool:
    bare = without_marks(first), without_marks(second)
    return bare[0] == bare[1] or _GROUP.get(bare[0], -1) == _GROUP.get(bare[1], -2)


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
