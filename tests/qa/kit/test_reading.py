from contextlib import suppress

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from qa.kit.problems import KitError
from qa.kit.reading import DEEPEST, LONGEST_KIT_BYTES, read_document


def tree_of(text: str) -> object:
    return read_document(text.encode(), "brand.yaml").tree


def problem_of(data: str | bytes) -> str:
    with pytest.raises(KitError) as caught:
        read_document(data if isinstance(data, bytes) else data.encode(), "brand.yaml")
    return str(caught.value)


@pytest.mark.parametrize(
    "scalar", ["4:5", "No", "yes", "1.0", "0x1f", "2027-01-31", "~", "null", "012", "1_000", ".inf", "1e3", "="]
)
def test_every_scalar_is_text(scalar: str) -> None:
    assert tree_of(f"a: {scalar}") == {"a": scalar}


def test_an_empty_value_is_empty_text_and_an_empty_file_an_empty_mapping() -> None:
    assert tree_of("a:\nb: ''") == {"a": "", "b": ""}
    assert tree_of("") == tree_of("# only a comment\n") == {}


def test_places_count_lines_and_columns_from_one() -> None:
    places = read_document(b"a:\n  - {b: c}\n  - d\n", "k").places
    assert str(places["a",].key) == "k:1:1"
    assert str(places["a", 0, "b"].key) == "k:2:6"
    assert str(places["a", 0, "b"].value) == "k:2:9"
    assert str(places["a", 1].value) == "k:3:5"


def test_columns_count_characters_not_bytes() -> None:
    assert str(read_document("{ä: é, ö: x}".encode(), "k").places["ö",].key) == "k:1:8"


def test_a_byte_order_mark_is_left_out() -> None:
    assert read_document(b"\xef\xbb\xbfa: b", "k").tree == {"a": "b"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: 2\na: 3", "brand.yaml:3:1 a: Expected each key once, got 'a'; it is already on line 1"),
        ("a: &x 1\nb: *x", "brand.yaml:2:4 b: Expected plain values, got the alias *x; write it out"),
        ("a: &x 1", "brand.yaml:1:4 a: Expected plain values, got the anchor &x; write it out"),
        ("a: !!int 1", "brand.yaml:1:4 a: Expected values without a tag, got the tag tag:yaml.org,2002:int"),
        ("a: ! 1", "brand.yaml:1:4 a: Expected values without a tag, got the tag !"),
        ("a: !!python/object/apply:os.system [ls]", "the tag tag:yaml.org,2002:python/object/apply:os.system"),
        ("? [a, b]\n: c", "brand.yaml:1:3: Expected text as a key, got a mapping or list"),
        ("a: 1\n---\nb: 2", "brand.yaml:2:1: Expected one document, got a second one after ---"),
        ("a:\n\tb: 1", "brand.yaml:2:1: Expected valid YAML"),
        ("a: [1, 2", "Expected valid YAML"),
        ("a: b: c", "brand.yaml:1:5: Expected valid YAML"),
        ("a: '\x07'", "Expected valid YAML"),
    ],
)
def test_what_could_hide_meaning_is_refused_with_its_place(text: str, said: str) -> None:
    assert said in problem_of(text)


def test_a_tab_is_named_as_the_cause() -> None:
    assert "indent with spaces, tabs are not allowed" in problem_of("a:\n\tb: 1")


def test_bytes_that_are_not_utf8_are_located() -> None:
    assert problem_of(b"a: b\nname: caf\xe9\n").startswith("brand.yaml:2:10: Expected UTF-8 text, got byte 0xe9")
    assert "UTF-8" in problem_of("a: b".encode("utf-16"))


def test_half_a_surrogate_pair_is_refused() -> None:
    assert "brand.yaml:1" in problem_of(r'a: "\ud800"')


def test_several_refused_things_are_reported_together() -> None:
    assert len(problem_of("a: !x 1\nb: &y 2\nb: 3").splitlines()) == 3


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "a:\n"])
def test_nesting_is_bounded_before_anything_is_built(opening: str) -> None:
    text = "".join(" " * n + opening for n in range(1000)) if opening.endswith("\n") else opening * 1000
    assert f"at most {DEEPEST} levels" in problem_of(text)


def test_ten_megabytes_are_refused_unread() -> None:
    assert "at most 2,000,000 bytes" in problem_of("a: " + "x" * 10_000_000)


def test_more_entries_than_any_kit_has_are_refused() -> None:
    text = "[" + "a," * (LONGEST_KIT_BYTES // 2 - 1) + "]"
    assert "at most 100,000 entries" in problem_of(text)


def test_an_alias_bomb_is_refused_at_its_first_alias() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    assert "the alias *a" in problem_of(bomb)


TREES = st.recursive(
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text("abc:#é ", max_size=6), below, max_size=4),
    max_leaves=12,
)


@given(TREES)
def test_what_yaml_writes_is_read_back_as_text(tree: object) -> None:
    if tree in ("", [], {}):
        return
    written = yaml.dump(tree, Dumper=yaml.CDumper, default_style='"', allow_unicode=True)
    assert tree_of(written) == tree


@given(st.binary(max_size=200))
def test_any_bytes_give_a_tree_or_a_kit_error(data: bytes) -> None:
    with suppress(KitError):
        read_document(data, "k")
