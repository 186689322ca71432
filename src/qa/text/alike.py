"""Differences that nobody could be sure of without knowing the typeface: look-alikes, caseless pairs, accents."""

from __future__ import annotations

from enum import StrEnum

from rapidfuzz.distance import Levenshtein

from qa.text.confusables import without_marks


class Kind(StrEnum):
    """How a rival differs from the expected text, by what it takes to tell them apart.

    FIGURE: a letter that looks like an expected figure or sign; LETTER: the other way round. SIZE: a small letter
    for its capital, or the other way round, of one shape. REPEAT: a character once more, or once less, beside its like.
    """

    OTHER = "other"
    ALIKE = "alike"
    FIGURE = "figure"
    LETTER = "letter"
    ACCENT = "accent"
    SIZE = "size"
    REPEAT = "repeat"


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

UNTOLD = frozenset(map(frozenset, ("5S", "8B", "łl", "ŁL", "-~")))
"""More pairs that some face draws nearly the same."""

_GROUP = {symbol: number for number, shapes in enumerate(SHAPES) for symbol in shapes}

_FIGURE = {symbol: number for number, shapes in enumerate(FIGURES) for symbol in shapes}

ONE_SHAPE = frozenset("cosuvwxz")
"""Letters whose capitals differ from them by nothing but size in most faces."""

TWINS = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονρχβ∅一ー〇|", "ABEZHIKMNOPTYXovpxßØ--Ol")
"""Symbols of other scripts and the Latin ones that are drawn the same: no picture tells them apart. And the bar, which
in a word is an l to everybody."""

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
        return Kind.REPEAT if _is_repeat(first, second) else Kind.OTHER
    kinds = {_kind(a, b) for a, b in zip(first, second, strict=True) if a != b}
    order = (Kind.OTHER, Kind.FIGURE, Kind.LETTER, Kind.SIZE, Kind.ALIKE, Kind.ACCENT)
    return next((kind for kind in order if kind in kinds), Kind.OTHER)


def look_alikes(letter: str) -> tuple[str, ...]:
    """Return the plain letters and figures that some face draws nearly as it draws a letter, its other case with them.

    Example:
        >>> look_alikes("I"), look_alikes("S"), look_alikes("%")
        (('1', 'i', 'j', 'l'), ('5', 's'), ())
    """
    groups = "".join(shapes for shapes in SHAPES if letter in shapes) if letter.isalnum() else ""
    plain = {other for other in groups if other.isascii() and other.isalnum()}
    case = letter.swapcase()
    return tuple(sorted((plain | ({case} if len(case) == 1 and case.isalnum() else set())) - {letter}))


def _is_repeat(first: str, second: str) -> bool:
    """Whether the longer text is the shorter one with a character doubled."""
    short, long = sorted((first, second), key=len)
    return len(long) == len(short) + 1 and any(
        long[:at] + long[at + 1 :] == short and (long[at - 1 : at] == long[at] or long[at + 1 : at + 2] == long[at])
        for at in range(len(long))
    )


def _kind(first: str, second: str) -> Kind:
    bare = without_marks(first), without_marks(second)
    if bare[0] == bare[1]:
        return Kind.ACCENT
    if first.swapcase() == second and bare[0].lower() in ONE_SHAPE:
        return Kind.SIZE
    if _GROUP.get(bare[0], -1) != _GROUP.get(bare[1], -2):
        return Kind.OTHER
    if _FIGURE.get(first, -1) != _FIGURE.get(second, -2) or first.isalpha() == second.isalpha():
        return Kind.ALIKE
    return Kind.LETTER if first.isalpha() else Kind.FIGURE


def is_untold(expected: str, read: str) -> bool:
    """Whether some face draws both texts the same, so that no reading tells them apart.

    That is so of O and 0, of I, l and 1, of S and 5, of B and 8, of m and n that change places, legs all alike, of
    accents that recognisers do not know, of small signs that they lose, and of case where all that is read is capitals:
    some faces have no others.

    Example:
        >>> is_untold("Illinois", "lllinois"), is_untold("Mavo", "MAVO"), is_untold("SALE", "SAlE")
        (True, True, False)
        >>> is_untold("autumn", "autunm"), is_untold("autumn", "auturnn")
        (True, False)
    """
    expected, read = (text.replace("nm", "mn") for text in (expected, read))
    if is_only_marks(expected, read):
        return True
    if len(expected) != len(read):
        return False
    is_capital = read == read.upper()
    return all(
        (is_capital and a.upper() == b)
        or frozenset((a, b)) in UNTOLD
        or _kind(a, b) is Kind.ACCENT
        or _FIGURE.get(without_marks(a), -1) == _FIGURE.get(without_marks(b), -2)
        for a, b in zip(expected, read, strict=True)
        if a != b
    )


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
