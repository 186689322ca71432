from pathlib import Path

import pytest

from qa.kit.kit import BrandKit
from qa.kit.problems import KitError
from sample_sections import SECTIONS, Colors, PhrasesOptions, PictureOptions, Subjects


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / (name.replace("__", "/") + ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder / "brand.yaml"


def load(path: Path) -> BrandKit:
    return BrandKit.load(path, sections=SECTIONS)


def refused(path: Path) -> str:
    with pytest.raises(KitError) as caught:
        load(path)
    return str(caught.value)


BASE = """kit: 1
name: Base
colors: {blue: {value: "#0055aa", accept: 3}, red: {value: "#aa0000"}}
text: {required: [{id: a, value: A}, {id: b, value: B}]}
image: {aspect: ["1:1"]}
"""


def test_mappings_are_merged_and_everything_else_is_replaced(tmp_path: Path) -> None:
    colors = "colors: {blue: {accept: 1}, green: {value: '#00aa00'}}"
    top = f"kit: 1\nextends: base.yaml\n{colors}\ntext: {{required: []}}\nimage:\n"
    kit = load(write(tmp_path, brand=top, base=BASE))
    colors = kit.section("colors", Colors).root
    assert kit.name == "Base"
    assert list(colors) == ["blue", "red", "green"]
    assert (colors["blue"].value, colors["blue"].accept) == ((0, 85, 170), 1.0)
    assert kit.section("text", PhrasesOptions).required == ()
    assert [str(aspect) for aspect in kit.section("image", PictureOptions).aspect] == ["1:1"]


def test_a_kit_that_extends_has_the_hash_of_the_same_kit_written_out(tmp_path: Path) -> None:
    write(tmp_path, brand="kit: 1\nextends: base.yaml\nname: Top\n", base=BASE, whole=BASE.replace("Base", "Top"))
    assert load(tmp_path / "brand.yaml").hash == load(tmp_path / "whole.yaml").hash


def test_errors_name_the_file_that_has_them(tmp_path: Path) -> None:
    top = "kit: 1\nextends: base.yaml\ncolors: {blue: {acept: 1}}\n"
    lines = refused(write(tmp_path, brand=top, base=BASE.replace('"#aa0000"', "red"))).splitlines()
    assert lines[0].startswith("base.yaml:3:60 colors.red.value")
    assert lines[1].startswith("brand.yaml:3:17 colors.blue.acept")


def test_files_of_an_extended_kit_are_relative_to_its_own_folder(tmp_path: Path) -> None:
    base = "kit: 1\nsubjects: {s: {references: [refs/*.jpg], not_like: refs/a.jpg}}\n"
    path = write(tmp_path, brand="kit: 1\nextends: house/base.yaml\n", house__base=base)
    (tmp_path / "house" / "refs").mkdir()
    (tmp_path / "house" / "refs" / "a.jpg").write_bytes(b"a")
    kit = load(path)
    subject = kit.section("subjects", Subjects).root["s"]
    assert list(kit.files) == ["house/refs/a.jpg"]
    assert (subject.references, subject.not_like) == (("house/refs/*.jpg",), ("house/refs/a.jpg",))
    assert kit.expand(subject.references[0]) == ("house/refs/a.jpg",)


def test_a_chain_is_laid_over_from_the_far_end(tmp_path: Path) -> None:
    kit = load(
        write(
            tmp_path,
            brand="kit: 1\nextends: a/one.yaml\n",
            a__one="kit: 1\nextends: b/two.yaml\nname: one\n",
            a__b__two="kit: 1\nname: two\npolicy: {max_attempts: 7}\n",
        )
    )
    assert (kit.name, kit.policy.max_attempts) == ("one", 7)


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("brand.yaml", "Expected kits that do not extend each other, got brand.yaml → brand.yaml"),
        ("none.yaml", "brand.yaml:2:10 extends: Expected a readable file, got 'none.yaml'"),
        ("../base.yaml", "Expected another kit inside this kit's folder"),
        ("/etc/passwd", "Expected another kit inside this kit's folder"),
        ("[a, b]", "Expected another kit inside this kit's folder"),
        ("'*.yaml'", "Expected another kit inside this kit's folder"),
        ("", "Expected another kit inside this kit's folder"),
        ("tokens.json", "brand.yaml:2:10 extends: Expected a file of the kit, got 'tokens.json'"),
        ("/etc/swatches.ase", "Expected another kit inside this kit's folder"),
        ("newer.yaml", "newer.yaml:1:6 kit: Expected kit version 1, got '3'"),
    ],
)
def test_what_cannot_be_extended_is_refused(tmp_path: Path, target: str, said: str) -> None:
    path = write(tmp_path, brand=f"kit: 1\nextends: {target}\n", newer="kit: 3\n")
    assert said in refused(path)


def test_a_long_way_round_is_a_cycle_as_well(tmp_path: Path) -> None:
    files = {"brand": "a", "a": "b", "b": "a"}
    path = write(tmp_path, **{name: f"kit: 1\nextends: {to}.yaml\n" for name, to in files.items()})
    assert "brand.yaml → a.yaml → b.yaml → a.yaml" in refused(path)


def test_a_chain_has_an_end(tmp_path: Path) -> None:
    files = {f"k{n}": f"kit: 1\nextends: k{n + 1}.yaml\n" for n in range(20)}
    assert "at most 8 kits" in refused(write(tmp_path, brand="kit: 1\nextends: k0.yaml\n", **files))
