from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.kit.patterns import matches


@pytest.mark.parametrize(
    ("pattern", "name", "is_match"),
    [
        ("refs/*.jpg", "refs/a.jpg", True),
        ("refs/*.jpg", "refs/old/a.jpg", False),
        ("refs/*.jpg", "refs/._a.jpg", False),
        ("refs/.*", "refs/.a", True),
        ("refs/**/*.jpg", "refs/a.jpg", True),
        ("refs/**/*.jpg", "refs/x/y/a.jpg", True),
        ("refs/**/*.jpg", "refs/.git/a.jpg", False),
        ("**", "a/b/c", True),
        ("**", ".a/b", False),
        ("a?.png", "ab.png", True),
        ("a?.png", "a/.png", False),
        ("a[bc].png", "ac.png", True),
        ("a[!bc].png", "ac.png", False),
        ("a[!bc].png", "a/.png", False),
        ("a[0-9].png", "a7.png", True),
        ("a[].png", "a[].png", True),
        ("a[1].png", "a[1].png", True),
        ("a.png", "axpng", False),
        ("A.png", "a.png", False),
        ("*", "a\nb", True),
        ("*.jpg", "a.jpg\n", False),
        ("a[\\d].png", "a5.png", False),
        ("[!a]", "b", True),
        ("a/**/b/**/c", "a/x/b/y/b/z/c", True),
        ("a/**/b/**/c", "a/x/c/y/b", False),
        ("**/**", "a", True),
        ("refs/**", "refs", False),
    ],
)
def test_globs_match_as_in_a_shell(pattern: str, name: str, is_match: bool) -> None:
    assert matches(pattern, name) is is_match


@given(st.text("ab[]!-*?.^\\", max_size=8), st.text("ab[]!-.^", max_size=6))
def test_any_pattern_compiles_and_every_name_matches_itself(pattern: str, name: str) -> None:
    matches(pattern, name)
    assert matches(name, name)


@given(st.text("ab*?", min_size=1, max_size=6), st.text("ab", min_size=1, max_size=6))
def test_within_one_folder_globs_agree_with_fnmatch(pattern: str, name: str) -> None:
    assert matches(pattern, name) == (fnmatchcase(name, pattern) if pattern != "**" else True)


@pytest.mark.parametrize("pattern", ["*a" * 40 + "b", "**/a/" * 40 + "b", "[a-" * 200])
def test_no_pattern_takes_long(pattern: str) -> None:
    assert not matches(pattern, "a" * 900)
    assert not matches(pattern, "a/" * 400 + "c")
