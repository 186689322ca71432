import json
import struct
from pathlib import Path

import pytest

from icc_profiles import rgb_profile, table_profile
from qa.checks.color import ColorCheck
from qa.kit.kit import BrandKit
from qa.kit.problems import KitError
from qa.kit.tokens.entries import kit_name

TOKENS = {
    "brand": {
        "$type": "color",
        "acmeBlue": {"$value": "#0055aa"},
        "red": {"$value": "#aa0000"},
        "sky": {"$value": "{brand.acmeBlue}"},
        "glass": {"$value": "#ffffff80"},
        "old": {"$value": "#777700", "$deprecated": True},
    },
    "ui": {"text": {"$type": "color", "$value": "#111111"}},
}


def write(folder: Path, kit: str, tokens: object = TOKENS) -> Path:
    (folder / "brand.tokens.json").write_text(json.dumps(tokens, indent=1))
    (folder / "brand.yaml").write_text(f"kit: 1\n{kit}")
    return folder


def colors(path: Path) -> dict[str, tuple[str, bool]]:
    section = BrandKit.load(path).section("colors", ColorCheck.Options)
    return {name: (options.value.hex, options.required) for name, options in section.root.items()}


def refused(path: Path) -> str:
    with pytest.raises(KitError) as caught:
        BrandKit.load(path)
    return str(caught.value)


def test_token_colours_are_known_and_none_is_demanded(tmp_path: Path) -> None:
    assert colors(write(tmp_path, "extends: brand.tokens.json\n")) == {
        "brand_acme_blue": ("#0055aa", False),
        "brand_red": ("#aa0000", False),
        "ui_text": ("#111111", False),
    }


def test_the_kit_on_top_overrides_by_name(tmp_path: Path) -> None:
    kit = "extends: brand.tokens.json#brand\ncolors: {sky: {required: yes}, old: {accept: 1}, own: {value: red}}\n"
    assert colors(write(tmp_path, kit)) == {
        "sky": ("#0055aa", True),
        "red": ("#aa0000", False),
        "old": ("#777700", False),
        "own": ("#ff0000", True),
    }


def test_a_kit_in_between_names_colours_as_well(tmp_path: Path) -> None:
    write(tmp_path, "extends: base.yaml\n")
    (tmp_path / "base.yaml").write_text("kit: 1\nextends: brand.tokens.json#brand\ncolors: {sky: {level: warn}}\n")
    assert set(colors(tmp_path)) == {"red", "sky"}


def test_a_translucent_colour_is_refused_where_the_kit_names_it(tmp_path: Path) -> None:
    kit = "extends: brand.tokens.json#brand\ncolors: {glass: {required: yes}}\n"
    assert "brand.tokens.json:14:14 colors.glass.value: Expected an opaque colour" in refused(write(tmp_path, kit))


def test_the_bytes_of_the_tokens_are_part_of_the_kit(tmp_path: Path) -> None:
    folder = write(tmp_path, "extends: brand.tokens.json\n")
    first = BrandKit.load(folder)
    assert list(first.files) == ["brand.tokens.json"]
    assert BrandKit.load(first.bundle(tmp_path / "acme.kit")).hash == first.hash
    (folder / "brand.tokens.json").write_text(json.dumps(TOKENS))
    assert BrandKit.load(folder).hash != first.hash


def test_tokens_must_lie_inside_the_folder(tmp_path: Path) -> None:
    (tmp_path / "kit").mkdir()
    (tmp_path / "out.json").write_text(json.dumps(TOKENS))
    folder = write(tmp_path / "kit", "extends: link.json\n")
    (folder / "link.json").symlink_to(tmp_path / "out.json")
    assert "a link that leads out" in refused(folder)
    assert "inside this kit's folder" in refused(write(folder, "extends: ../out.json\n"))


@pytest.mark.parametrize(
    ("tokens", "said"),
    [
        ({"a-b": {"$type": "color", "$value": "red"}, "a_b": {"$type": "color", "$value": "blue"}}, "a-b comes to a_b"),
        ({"a": {"$type": "color", "$value": "PANTONE 286 C"}}, "spot colour, got 'PANTONE 286 C'; ask the brand"),
        ({"a": {"$type": "color", "$value": "gren"}}, "brand.tokens.json:4:13 colors.a.value: Expected a colour"),
        ({"--": {"$type": "color", "$value": "red"}}, "a name with letters or digits"),
        ({"a": {"$type": "dimension", "$value": "4px"}}, "a file with colours"),
        (
            {
                "g": {str(n): {"$type": "color", "$value": f"#0000{n:02x}"} for n in range(33)},
                "b": {"x": {"$type": "color", "$value": "red"}},
            },
            "at most 32 colours, got 34; name one group of it: extends: brand.tokens.json#b",
        ),
    ],
)
def test_tokens_that_make_no_palette_are_refused(tmp_path: Path, tokens: object, said: str) -> None:
    assert said in refused(write(tmp_path, "extends: brand.tokens.json\n", tokens))


def test_an_unknown_group_is_refused_with_those_there_are(tmp_path: Path) -> None:
    said = refused(write(tmp_path, "extends: brand.tokens.json#brands\n"))
    assert "a group with colours, got 'brands'; use one of brand, ui" in said


def cmyk_profile() -> bytes:
    corners = {(c, m, y, k): (95.0 * (1 - k) + 5, 20.0 * (m - c), 20.0 * (y - c))
               for c in (0, 1) for m in (0, 1) for y in (0, 1) for k in (0, 1)}  # fmt: skip
    return table_profile("CMYK", corners)


def swatch(name: str, *inks: float) -> bytes:
    letters = (name + "\0").encode("utf-16-be")
    body = struct.pack(">H", len(letters) // 2) + letters + b"CMYK" + struct.pack(">4fH", *inks, 2)
    return b"ASEF" + struct.pack(">HHI", 1, 0, 1) + struct.pack(">HI", 1, len(body)) + body


def test_inks_of_swatches_are_read_through_the_kits_profile(tmp_path: Path) -> None:
    (tmp_path / "print").mkdir()
    (tmp_path / "print" / "brand.ase").write_bytes(swatch("Press", 0, 0, 0, 0.5))
    (tmp_path / "print" / "press.icc").write_bytes(cmyk_profile())
    (tmp_path / "print" / "base.yaml").write_text("kit: 1\nextends: brand.ase\ncmyk_profile: press.icc\n")
    (tmp_path / "brand.yaml").write_text("kit: 1\nextends: print/base.yaml\n")
    kit = BrandKit.load(tmp_path)
    value = kit.section("colors", ColorCheck.Options).root["press"].value
    assert value.lab == pytest.approx((52.4, 0, 0), abs=0.3)
    assert "CMYK through 'Test table'" in value.assumptions[0]
    assert sorted(kit.files) == ["print/brand.ase", "print/press.icc"]
    again = BrandKit.load(kit.bundle(tmp_path / "acme.kit"))
    assert again.hash == kit.hash
    assert again.section("colors", ColorCheck.Options).root["press"].value == value


def test_inks_without_a_profile_are_refused_with_both_ways_out(tmp_path: Path) -> None:
    said = refused(write(tmp_path, 'colors: {press: {value: "cmyk(0% 0% 0% 50%)"}}\n'))
    assert "brand.yaml:2:25 colors.press.value: Expected an ICC profile for cmyk(…)" in said
    assert "cmyk_profile" in said
    assert "cmyk-naive" in said


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"none", "brand.yaml:2:15 cmyk_profile: Expected an ICC profile, got no ICC profile"),
        (rgb_profile("sRGB", b"curv\0\0\0\0\0\0\0\0"), "an ICC profile for CMYK, got 'sRGB' for RGB"),
        (cmyk_profile()[:200], "cmyk_profile: Expected an ICC profile"),
    ],
)
def test_a_file_that_is_no_profile_for_inks_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "press.icc").write_bytes(data)
    assert said in refused(write(tmp_path, "cmyk_profile: press.icc\n"))


def test_a_profile_that_is_missing_is_refused_at_its_line(tmp_path: Path) -> None:
    assert "brand.yaml:2:15 cmyk_profile: Expected a file of the kit" in refused(
        write(tmp_path, "cmyk_profile: a.icc\n")
    )


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (["Brand", "acmeBlue 500"], "brand_acme_blue_500"),
        (["PANTONE 286 C"], "pantone_286_c"),
        (["Größe", "R=0 G=85"], "größe_r_0_g_85"),
        (["--"], ""),
        (["x" * 500], "x" * 100),
    ],
)
def test_names_are_made_alike(path: list[str], name: str) -> None:
    assert kit_name(path) == name
