"""What one change of a text is: its kind, its place, and what of it lies at the ends of a line."""

from dataclasses import dataclass

import pytest

from qa.text.alike import Kind
from qa.text.change import Change
from qa.text.looks import _is_same_sign


@pytest.mark.parametrize(
    ("expected", "rival", "kind", "places"),
    [
        ("Sale", "Sole", Kind.OTHER, (1,)),
        ("SALE", "SALe", Kind.OTHER, (3,)),
        ("coffee", "cOffee", Kind.SIZE, (1,)),
        ("$10", "$1O", Kind.FIGURE, (2,)),
        ("Opal", "0pal", Kind.LETTER, (0,)),
        ("Süß", "Suß", Kind.ACCENT, (1,)),
        ("little", "liittle", Kind.REPEAT, ()),
        ("Sale", "Slae", Kind.OTHER, (1, 2)),
        ("KŮŇE", "KÛÑÈ", Kind.ACCENT, (1, 2, 3)),
        ("RESTTHENRISE", "RETTHENRIRSE", Kind.OTHER, ()),
    ],
)
def test_a_change_has_a_kind_and_places_where_letters_are_others(expected, rival, kind, places):
    change = Change(0, expected, rival)
    assert (change.kind, change.places) == (kind, places)


@pytest.mark.parametrize(
    ("expected", "rival", "lost"),
    [
        ("SALE", "SLE", (1,)),
        ("SALE", "SAL", (3,)),
        ("little", "litle", (2, 3)),
        ("ooze", "oze", (0, 1)),
        ("SALE", "SALES", ()),
        ("SALE", "SAE!", ()),
        ("SALE", "AES", ()),
    ],
)
def test_a_lost_letter_may_be_any_of_those_alike_beside_it(expected, rival, lost):
    assert Change(0, expected, rival).lost == lost


def test_the_ends_of_a_piece_are_told_from_its_inside():
    assert Change(0, "SALE", "SAL").is_cut
    assert not Change(0, "SALE", "SLE").is_cut
    assert Change(0, "SALE", "SALES").is_longer
    assert not Change(0, "SALE", "SALLE").is_longer
    assert Change(0, "9,-", "9,--").is_grown
    assert Change(0, "MivaTM", "MivaTMTM").is_grown
    assert not Change(0, "MivaTM", "MivaTMM").is_grown
    assert not Change(0, "SALE", "SALEE").is_grown


@dataclass
class Signed:
    """As much of a piece as says where its signs are."""

    text: str
    signs: tuple[int, ...]


@pytest.mark.parametrize(
    ("rival", "is_same"),
    [
        ("HTMLT", True),
        ("HTMLM", True),
        ("HTML", False),
        ("HTLTM", False),
        ("HTMLLTM", False),
        ("HTMLTMTM", False),
    ],
)
def test_only_the_sign_itself_may_be_read_otherwise(rival, is_same):
    assert _is_same_sign(Signed("HTMLTM", (4,)), rival) is is_same
