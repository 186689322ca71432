import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from consistency.errors import NotEvaluable
from consistency.region import Box
from qa.asset import Brief
from qa.kit.options import (
    Aspect,
    AspectRatio,
    Bool,
    BoxOption,
    BoxSpec,
    ByteCount,
    FileList,
    Fraction,
    HexColor,
    KitOptions,
    Pattern,
    Template,
    When,
    fill,
    placeholders,
)


def parsed(kind: object, value: object) -> object:
    return TypeAdapter(kind).validate_python(value)


def refused(kind: object, value: object) -> str:
    with pytest.raises(ValidationError) as caught:
        parsed(kind, value)
    detail = caught.value.errors()[0]
    return f"{detail['msg']}; {detail.get('ctx', {}).get('hint', '')}"


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Fraction, "0.5%", 0.005),
        (Fraction, ".005", 0.005),
        (Fraction, "4 %", 0.04),
        (Fraction, "100%", 1.0),
        (Fraction, "0", 0.0),
        (Fraction, "1.0", 1.0),
        (ByteCount, "5MB", 5_000_000),
        (ByteCount, "300 KB", 300_000),
        (ByteCount, "1.5MiB", 1_572_864),
        (ByteCount, "12345", 12345),
        (ByteCount, "800 b", 800),
        (HexColor, "#0055aa", (0, 85, 170)),
        (HexColor, "#05A", (0, 85, 170)),
        (Bool, "No", False),
        (Bool, "true", True),
        (Aspect, "4:5", AspectRatio("4:5")),
        (Aspect, "896x1152", AspectRatio("896x1152")),
        (BoxOption, "412,220 310×96", BoxSpec((412, 220, 310, 96), (False,) * 4)),
        (BoxOption, ["412", "220px", "310", "96"], BoxSpec((412, 220, 310, 96), (False,) * 4)),
        (BoxOption, "10%, 5% 30%x20%", BoxSpec((0.1, 0.05, 0.3, 0.2), (True,) * 4)),
        (FileList, "refs/*.jpg", ("refs/*.jpg",)),
        (Pattern, "guarantee[ds]?", "guarantee[ds]?"),
    ],
)
def test_text_is_read_as_people_write_it(kind: object, text: object, value: object) -> None:
    assert parsed(kind, text) == value


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        (Fraction, "5px", "the unit 'px' is unknown here; use % or no unit"),
        (Fraction, "1", "write 1% or 100%"),
        (Fraction, "2", "write 2%"),
        (Fraction, "101%", "a fraction between 0 and 1"),
        (Fraction, "-0.1", "a fraction between 0 and 1"),
        (Fraction, "nan", "a fraction between 0 and 1"),
        (Fraction, "1e999", "a fraction between 0 and 1"),
        (ByteCount, "5 megs", "use B, KB, MB, GB, KiB, MiB, GiB or no unit"),
        (ByteCount, "0", "a size such as 5MB"),
        (ByteCount, "1e300GB", "a size such as 5MB"),
        (HexColor, "", "put it in quotes: # begins a comment in YAML"),
        (HexColor, "0055aa", "use #rrggbb or #rgb"),
        (HexColor, "#0055zz", "a colour such as"),
        (HexColor, "#0055aaff", "a colour such as"),
        (HexColor, (0, 0, 256), "less than or equal to 255"),
        (Bool, "maybe", "true or false"),
        (Aspect, "4", "an aspect ratio width:height"),
        (Aspect, "0:5", "an aspect ratio width:height"),
        (Aspect, ["4", "5"], "an aspect ratio width:height"),
        (BoxOption, "1,2 3", "a box: left,top width×height"),
        (BoxOption, "0,0 0×5", "width and height > 0"),
        (BoxOption, "0,0 5cm×5", "the unit 'cm' is unknown here; use px, % or no unit"),
        (BoxOption, "0,0 120%×5%", "a share is at most 100%"),
        (BoxOption, "0.5,0 5×5", "pixels are whole numbers"),
        (Pattern, "(", "it does not compile"),
        (Pattern, "a{99999999999}", "it does not compile"),
        (Pattern, "(" * 900 + ")" * 100, "it does not compile"),
        (Pattern, "x" * 1001, "1 to 1000 characters"),
        (Pattern, "", "1 to 1000 characters"),
        (Template, "from {price", "write {{ and }} for braces"),
        (Template, "from }", "write {{ and }} for braces"),
    ],
)
def test_a_refusal_says_what_is_wanted(kind: object, text: object, said: str) -> None:
    assert said in refused(kind, text)


@pytest.mark.parametrize("value", [0.0, 0.005, 1.0, 1])
def test_a_fraction_from_python_is_taken_as_it_is(value: float) -> None:
    assert parsed(Fraction, value) == value


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../x", "a/../b", "C:/x", "a\\b", "~/x", "", " ", "./a", "a//b", "a\0b"]
)
def test_names_that_could_leave_the_folder_are_refused(name: str) -> None:
    assert "a file name relative to the kit's folder" in refused(FileList, name)


def test_a_catastrophic_pattern_is_compiled_and_not_run() -> None:
    assert parsed(Pattern, "(a+)+$") == "(a+)+$"


def test_aspect_keeps_its_text_and_is_a_number() -> None:
    aspect = AspectRatio("4:5")
    assert (str(aspect), float(aspect), aspect.ratio) == ("4:5", 0.8, 0.8)


def test_a_box_is_resolved_on_the_picture() -> None:
    assert BoxSpec((0.1, 0.5, 0.25, 0.5), (True,) * 4).resolve(200, 1000) == Box(100, 100, 250, 100)
    assert BoxSpec((0.0, 0.0, 0.001, 5), (True, True, True, False)).resolve(10, 10) == Box(0, 0, 1, 5)


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(1, 10_000), st.integers(1, 10_000))
def test_a_box_in_pixels_is_read_back_from_its_text(left: int, top: int, width: int, height: int) -> None:
    box = Box(left, top, width, height)
    spec = parsed(BoxOption, str(box))
    assert isinstance(spec, BoxSpec)
    assert spec.resolve(7, 7) == box


@given(st.floats(0, 100))
def test_percent_and_plain_number_mean_the_same(percent: float) -> None:
    assert parsed(Fraction, f"{percent:.6f}%") == pytest.approx(percent / 100, abs=1e-8)


@given(st.text(max_size=30))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    for kind in (Fraction, ByteCount, HexColor, Aspect, BoxOption, Bool, FileList, Pattern, Template):
        try:
            parsed(kind, text)
        except ValidationError:
            continue


def test_options_are_frozen_and_refuse_unknown_keys_and_infinity() -> None:
    class Limits(KitOptions):
        ratio: float = 4.5

    with pytest.raises(ValidationError):
        Limits(ratio=1).ratio = 2  # type: ignore[misc]
    for wrong in ({"ration": "1"}, {"ratio": "nan"}, {"ratio": "inf"}):
        with pytest.raises(ValidationError):
            Limits.model_validate(wrong)


@pytest.mark.parametrize(
    ("when", "brief", "applies"),
    [
        ({}, Brief(), True),
        ({"placement": "story"}, Brief(placement="story"), True),
        ({"placement": "story"}, Brief(), False),
        ({"placement": ["story", "reel"]}, Brief(placement="reel"), True),
        ({"locale": "de"}, Brief(locale="de-AT"), True),
        ({"locale": "de"}, Brief(locale="den"), False),
        ({"locale": "de_AT"}, Brief(locale="de-at"), True),
        ({"locale": "de-AT"}, Brief(locale="de"), False),
        ({"subject": "maya"}, Brief(subjects=("sneaker", "maya")), True),
        ({"subject": "maya"}, Brief(subjects=None), False),
        ({"placement": "story", "locale": "de"}, Brief(placement="story", locale="en"), False),
    ],
)
def test_when_needs_every_key_it_states(when: dict[str, object], brief: Brief, applies: bool) -> None:
    assert When.model_validate(when).applies(brief) is applies


def test_fill_puts_values_in_once() -> None:
    brief = Brief(values={"price": "{name} €", "name": "x"})
    assert fill("{price} {{as is}} { price }", brief) == "{name} € {as is} {name} €"
    assert fill("{price}{name}", brief) == "{name} €x"


def test_a_placeholder_without_a_value_is_not_evaluable() -> None:
    with pytest.raises(NotEvaluable) as caught:
        fill("{price}", Brief(id="a.png"))
    assert caught.value.code == "brief.missing_value"
    assert "{price}" in str(caught.value)


@given(st.text(max_size=30), st.text(max_size=10))
def test_doubled_braces_and_values_come_through_unchanged(text: str, value: str) -> None:
    doubled = text.replace("{", "{{").replace("}", "}}")
    assert parsed(Template, doubled) == doubled
    assert placeholders(doubled) == ()
    assert fill(doubled + "{v}", Brief(values={"v": value})) == text + value


def test_each_type_has_a_json_schema_of_what_people_write() -> None:
    class Everything(BaseModel):
        a: Fraction
        b: ByteCount
        c: HexColor
        d: Aspect
        e: BoxOption
        f: Bool
        g: FileList
        h: When
        i: Pattern

    schema = Everything.model_json_schema()
    assert json.dumps(schema)
    assert schema["properties"]["c"]["type"] == "string"
    assert {"string", "array"} == {branch["type"] for branch in schema["properties"]["g"]["anyOf"]}
