import pytest

from qa.kit.problems import KitError
from qa.kit.tokens.brand_yml import read_brand_yml

FILE = """
meta: {name: Acme}
color:
  palette: {blue: "#0055aa", sea: blue, red: "#aa0000", white: white}
  primary: sea
  secondary: "rgb(1 2 3)"
  foreground: {light: red, dark: white}
  tertiary:
typography: {base: Inter}
"""


def read(text: str) -> dict[str, str]:
    return {entry.text: entry.value for entry in read_brand_yml(text.encode(), "_brand.yml")}


def test_the_palette_and_what_refers_to_it_are_read() -> None:
    assert read(FILE) == {
        "blue": "#0055aa",
        "sea": "#0055aa",
        "red": "#aa0000",
        "white": "white",
        "primary": "#0055aa",
        "secondary": "rgb(1 2 3)",
        "foreground.light": "#aa0000",
        "foreground.dark": "white",
    }


def test_a_file_without_a_palette_has_what_it_states() -> None:
    assert read("color: {primary: '#123456'}") == {"primary": "#123456"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("meta: {}", "a brand file with colors"),
        ("", "a brand file with colors"),
        ("[1]", "a brand file with colors"),
        ("color: {palette: [a]}", "_brand.yml:1:18 color.palette: Expected a mapping"),
        ("color: {palette: {a: b, b: a}}", "names that lead to a colour"),
        ("color: {primary: [a]}", "_brand.yml:1:18 color.primary: Expected a colour"),
        ("color: {primary: &a red}", "the anchor &a"),
        ("color: {primary: red, primary: blue}", "each key once"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, said: str) -> None:
    with pytest.raises(KitError) as caught:
        read(text)
    assert said in str(caught.value)
