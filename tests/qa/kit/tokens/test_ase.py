import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.color.notation import parse_color
from qa.kit.problems import KitError
from qa.kit.tokens.ase import read_ase

HEAD = b"ASEF" + struct.pack(">HH", 1, 0)


def block(kind: int, body: bytes = b"") -> bytes:
    return struct.pack(">HI", kind, len(body)) + body


def name(text: str) -> bytes:
    units = (text + "\0").encode("utf-16-be")
    return struct.pack(">H", len(units) // 2) + units


def swatch(text: str, model: bytes, *values: float, kind: int = 0) -> bytes:
    return block(1, name(text) + model + struct.pack(f">{len(values)}fH", *values, kind))


def ase(*blocks: bytes) -> bytes:
    return HEAD + struct.pack(">I", len(blocks)) + b"".join(blocks)


def read(data: bytes) -> dict[str, str]:
    return {entry.text: entry.value for entry in read_ase(data, "brand.ase")}


def refused(data: bytes) -> str:
    with pytest.raises(KitError) as caught:
        read_ase(data, "brand.ase")
    return str(caught.value)


def test_every_model_and_kind_of_swatch_is_read() -> None:
    found = read(
        ase(
            swatch("Acme Blue", b"RGB ", 0, 85 / 255, 170 / 255),
            block(0xC001, name("Print")),
            swatch("PANTONE 286 C", b"LAB ", 0.3, 12, -64, kind=1),
            swatch("Press", b"CMYK", 1, 0.5, 0, 0.1, kind=2),
            block(0xC002),
            swatch("Grau 50 %", b"Gray", 0.5),
            swatch("", b"RGB ", 1, 0, 0),
        )
    )
    assert found == {
        "Acme Blue": "#0055aa",
        "Print.PANTONE 286 C": "lab(30.0000 12.0000 -64.0000)",
        "Print.Press": "cmyk(100.0000% 50.0000% 0.0000% 10.0000%)",
        "Grau 50 %": "color(srgb 0.500000 0.500000 0.500000)",
        "swatch 7": "#ff0000",
    }


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_eight_bit_colours_come_back_as_they_were(rgb: tuple[int, int, int]) -> None:
    (value,) = read(ase(swatch("x", b"RGB ", *(channel / 255 for channel in rgb)))).values()
    assert parse_color(value).rgb == rgb
    assert value.startswith("#")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "an Adobe swatch file"),
        (b"8BPS" + bytes(20), "an Adobe swatch file"),
        (b"ASEF" + struct.pack(">HHI", 2, 0, 0), "version 2"),
        (HEAD + struct.pack(">I", 2**32 - 1), "4,294,967,295 blocks"),
        (HEAD + struct.pack(">I", 3) + block(0xC002), "the end of the file"),
        (ase(swatch("x", b"RGB ", 1, 0, 0)) + swatch("y", b"RGB ", 0, 1, 0), "the end of the file after 1 blocks"),
        (HEAD + struct.pack(">IHI", 1, 1, 2**32 - 1), "blocks inside the file, got 4,294,967,295 bytes"),
        (ase(block(1, struct.pack(">H", 60000))), "a name inside its block"),
        (ase(block(1, b"\0")), "a name inside its block"),
        (ase(block(1, b"\0\1\xd8\x00")), "a name in UTF-16"),
        (ase(block(1, name("x"))), "a colour as RGB, CMYK, LAB or Gray"),
        (ase(block(1, name("x") + b"HSB " + bytes(14))), "a colour as RGB, CMYK, LAB or Gray"),
        (ase(block(1, name("x") + b"RGB " + bytes(4))), "a colour as RGB, CMYK, LAB or Gray"),
        (ase(swatch("x", b"RGB ", 1.1, 0, 0)), "values in [0, 1]"),
        (ase(swatch("x", b"LAB ", 30, 0, 0)), "values in [0, 1]"),
        (ase(swatch("x", b"RGB ", math.nan, 0, 0)), "values in [0, 1]"),
        (ase(swatch("x", b"LAB ", 0.5, math.inf, 0)), "values in [0, 1]"),
    ],
)
def test_a_damaged_file_is_refused(data: bytes, said: str) -> None:
    text = refused(data)
    assert text.startswith("brand.ase: ")
    assert said in text


@given(st.binary(max_size=200), st.integers(0, 60))
def test_any_bytes_are_read_or_refused(noise: bytes, cut: int) -> None:
    whole = ase(block(0xC001, name("g")), swatch("x", b"RGB ", 0, 0, 0))
    for data in (HEAD + noise, whole[:cut] + noise + whole[cut:]):
        try:
            read_ase(data, "x.ase")
        except KitError:
            continue
