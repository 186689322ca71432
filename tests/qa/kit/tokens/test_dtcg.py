import json
from typing import Any

import pytest

from qa.color.notation import parse_color
from qa.kit.problems import KitError
from qa.kit.tokens.dtcg import read_dtcg
from qa.kit.tokens.json_text import read_json

DEEP = 10_000


def read(tokens: Any) -> dict[str, str]:
    return {entry.text: entry.value for entry in read_dtcg(json.dumps(tokens, indent=2).encode(), "tokens.json")}


def refused(data: bytes) -> str:
    with pytest.raises(KitError) as caught:
        read_dtcg(data, "tokens.json")
    return str(caught.value)


def color(value: Any, **more: Any) -> dict[str, Any]:
    return {"$type": "color", "$value": value, **more}


def test_types_are_inherited_and_other_types_are_no_colours() -> None:
    found = read(
        {
            "brand": {
                "$type": "color",
                "$description": "ours",
                "blue": {"$value": "#0055aa"},
                "space": {"$type": "dimension", "$value": {"value": 4, "unit": "px"}},
                "deep": {"er": {"red": {"$value": "#aa0000"}}},
            },
            "untyped": {"$value": "#123456"},
        }
    )
    assert found == {"brand.blue": "#0055aa", "brand.deep.er.red": "#aa0000"}


@pytest.mark.parametrize(
    ("value", "same"),
    [
        ({"colorSpace": "srgb", "components": [0, 1 / 3, 2 / 3]}, "#0055aa"),
        ({"colorSpace": "srgb", "components": [0, 1, 0], "alpha": 1, "hex": "#00ff00"}, "#00ff00"),
        ({"colorSpace": "hsl", "components": [210, 100, 50]}, "hsl(210 100% 50%)"),
        ({"colorSpace": "hwb", "components": ["none", 0, 0]}, "red"),
        ({"colorSpace": "lab", "components": [50, 20, -30]}, "lab(50 20 -30)"),
        ({"colorSpace": "lch", "components": [50, 20, 30.5]}, "lch(50% 20 30.5deg)"),
        ({"colorSpace": "oklab", "components": [0.5, 0.1, -0.1]}, "oklab(.5 .1 -.1)"),
        ({"colorSpace": "oklch", "components": [0.5, 0.1, 20]}, "oklch(.5 .1 20)"),
        ({"colorSpace": "display-p3", "components": [1, 0, 0]}, "color(display-p3 1 0 0)"),
        ({"colorSpace": "xyz-d50", "components": [0.3, 0.2, 1e-05]}, "color(xyz-d50 .3 .2 .00001)"),
        ({"colorSpace": "xyz-d65", "components": [0.3, 0.2, 0.1]}, "color(xyz .3 .2 .1)"),
        ({"colorSpace": "prophoto-rgb", "components": [0.3, 0.2, 0.1]}, "color(prophoto-rgb .3 .2 .1)"),
        ({"colorSpace": "a98-rgb", "components": [0.3, 0.2, 0.1]}, "color(a98-rgb .3 .2 .1)"),
        ({"colorSpace": "srgb-linear", "components": [0.3, 0.2, 0.1]}, "color(srgb-linear .3 .2 .1)"),
    ],
)
def test_values_with_a_colour_space_are_that_colour(value: Any, same: str) -> None:
    assert parse_color(read({"c": color(value)})["c"]).lab == pytest.approx(parse_color(same).lab, abs=1e-6)


def test_aliases_lead_to_the_value_and_its_type() -> None:
    found = read(
        {
            "a": {"x": color("#010203")},
            "b": {"y": {"$value": "{a.x}"}, "z": {"$type": "color", "$value": "{b.y}"}},
            "c": {"$type": "color", "$root": {"$value": "#040506"}, "dim": {"$value": "{c.$root}"}},
        }
    )
    assert found == {"a.x": "#010203", "b.y": "#010203", "b.z": "#010203", "c": "#040506", "c.dim": "#040506"}


@pytest.mark.parametrize(
    ("tokens", "said"),
    [
        ({"a": color("{b}"), "b": color("{a}")}, "aliases that end at a value, got a → b → a"),
        ({"a": color("{a}")}, "a → a"),
        ({"blue": color("#0055aa"), "a": color("{bleu}")}, "did you mean {blue}?"),
        ({"a": color({"$ref": "#/b"})}, "Expected a colour"),
        ({"a": {"$type": "color", "$ref": "#/b"}}, "write an alias {group.token}"),
        ({"a": {"$extends": "{b}"}}, "write the tokens out"),
        ({"a": color(7)}, "Expected a colour"),
        ({"a": color({"colorSpace": "srgb", "components": [True, 0, 0]})}, "components that are numbers"),
        ({"a": color({"colorSpace": 5, "components": [0, 0, 0]})}, "a colorSpace"),
        ({"a": color({"colorSpace": "srgb 0 0", "components": [0]})}, "a colorSpace"),
        ({"a": {"type": "color", "value": "#0055aa"}}, "export as W3C design tokens"),
        ({"a.b": color("#0055aa")}, "a name without"),
        ({"$type": 5}, "the name of a type"),
        ([], "design tokens: an object"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tokens: Any, said: str) -> None:
    text = refused(json.dumps(tokens, indent=2).encode())
    assert said in text
    assert text.startswith("tokens.json:")


def test_the_place_is_line_and_column() -> None:
    assert refused(b'{\n  "a": {"$type": "color",\n    "$value": 7}\n}').startswith("tokens.json:3:15 a.$value: ")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"{}x",
        b'{"a" 1}',
        b'{"a": 1,}',
        b"{'a': 1}",
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 01}',
        b'{"a": "\\ud800"}',
        b'{"a": "\\x"}',
        b'{"a": "\n"}',
        b'{"a": 1, "a": 2}',
        b"\xff\xfe",
        b"[" * DEEP,
        b'{"a":' * DEEP,
        b"[" + b"1," * 200_000,
        b'{"a": ' + b"9" * 5000 + b"}",
        b" " * 3_000_000,
        b'"' + b"\\" * 99_999,
    ],
)
def test_what_is_no_json_is_refused_at_once(data: bytes) -> None:
    assert refused(data).startswith("tokens.json")


def test_json_is_read_as_the_standard_library_reads_it() -> None:
    text = '\ufeff{"a\\u00e9\\ud83d\\ude00": [1, -2.5e3, true, false, null, "\\/\\n\\"x"], "": {}, "b": []}'
    assert read_json(text.encode(), "x").value == json.loads(text.lstrip("\ufeff"))
