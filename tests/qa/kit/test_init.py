from pathlib import Path

import pytest
import yaml

from consistency.errors import ConsistencyError, InputError
from qa.kit.init import write_kit
from qa.kit.kit import BrandKit, ModelOptions
from qa.kit.problems import KitError
from qa.kit.starter import quoted, starter_text
from sample_sections import SECTIONS


@pytest.fixture
def photographs(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "photos" / "Red Sneaker (2026)"
    folder.mkdir(parents=True)
    paths = [folder / name for name in ("front view.JPG", "side[1].png", "side(1).png")]
    for path in paths:
        path.write_bytes(path.name.encode())
    return paths


def test_a_first_kit_loads_and_carries_its_references(tmp_path: Path, photographs: list[Path]) -> None:
    kit = write_kit(tmp_path / "acme", references=photographs, colors={"acme blue": "#0055aa"}, name='Acme "2026"')
    assert kit.name == 'Acme "2026"'
    assert dict(kit.files) == {
        "refs/red_sneaker_2026/front_view.jpg": b"front view.JPG",
        "refs/red_sneaker_2026/side_1.png": b"side[1].png",
        "refs/red_sneaker_2026/side_1-2.png": b"side(1).png",
    }
    assert kit.resolved.tree["subjects"]["red_sneaker_2026"]["always"] == "true"
    assert kit.resolved.tree["colors"] == {"acme blue": {"value": "#0055aa"}}
    assert kit.resolved.tree["models"]["embedder"] == "efficientnet"
    assert BrandKit.load(tmp_path / "acme").hash == kit.hash


def test_a_kit_from_nothing_is_all_examples(tmp_path: Path) -> None:
    kit = write_kit(tmp_path / "Acme")
    assert (kit.name, kit.files) == ("Acme", {})
    assert {"kit", "name", "models", "policy"} == set(kit.resolved.tree)


def test_a_kit_that_is_there_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "brand.yaml").write_text("mine")
    with pytest.raises(InputError, match="a folder without a kit"):
        write_kit(tmp_path)
    assert (tmp_path / "brand.yaml").read_text() == "mine"


def test_another_file_in_the_place_of_a_reference_is_never_overwritten(tmp_path: Path, photographs: list[Path]) -> None:
    there = tmp_path / "acme" / "refs" / "red_sneaker_2026" / "front_view.jpg"
    there.parent.mkdir(parents=True)
    there.write_bytes(b"mine")
    with pytest.raises(InputError, match="a free name"):
        write_kit(tmp_path / "acme", references=photographs)
    assert there.read_bytes() == b"mine"
    assert not (tmp_path / "acme" / "brand.yaml").exists()


@pytest.mark.parametrize("color", ["bleu", "#12", "#0055zz", "", "cmyk(1% 2% 3% 4%)", "PANTONE 286 C", "#00000080"])
def test_a_colour_that_is_none_is_refused_before_anything_is_written(tmp_path: Path, color: str) -> None:
    with pytest.raises(InputError, match=r"colour|profile"):
        write_kit(tmp_path / "acme", colors={"blue": color})
    assert not (tmp_path / "acme").exists()


def test_missing_or_too_many_references_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a photograph"):
        write_kit(tmp_path / "acme", references=[tmp_path / "none.jpg"])
    for number in range(11):
        (tmp_path / f"{number}.jpg").write_bytes(b"x")
    with pytest.raises(InputError, match="1 to 10 photographs"):
        write_kit(tmp_path / "acme", references=sorted(tmp_path.glob("*.jpg")))


def test_the_models_are_the_ones_given(tmp_path: Path) -> None:
    kit = write_kit(tmp_path / "acme", models=ModelOptions(embedder="openclip:ViT-B-32:laion2b", precision="bfloat16"))
    assert (kit.models.embedder, kit.models.precision) == ("openclip:ViT-B-32:laion2b", "bfloat16")


@pytest.mark.parametrize(
    "name", ["<script>", "a\nb", "\x07 \u2028 \x7f", "emoji 😀", 'quote " and \\', "# no comment", " "]
)
def test_any_name_is_written_so_that_it_is_read_back(name: str) -> None:
    text = starter_text(name, {}, {}, ModelOptions())
    assert yaml.load(text, yaml.BaseLoader)["name"] == name
    assert "\n" not in quoted(name)


def uncommented(text: str) -> str:
    """The kit with every commented example in force."""
    lines = [line.removeprefix("# ") if is_example(line) else line for line in text.splitlines()]
    return "\n".join(lines)


def is_example(line: str) -> bool:
    body = line.removeprefix("# ")
    key = body.strip().removeprefix("- ").partition(":")[0]
    return line.startswith("# ") and (body.startswith("  ") or key in {*SECTIONS, *OTHERS})


OTHERS = ("sharpness", "exposure", "duplicates", "economics", "waivers")


def test_every_commented_example_is_valid(tmp_path: Path) -> None:
    text = uncommented(starter_text("Acme", {}, {}, ModelOptions()))
    for name in ("refs/sneaker/a.jpg", "refs/old_sneaker/a.jpg"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_bytes(b"x")
    kit = BrandKit.from_text(text, folder=tmp_path)
    assert {*SECTIONS, *OTHERS} <= set(kit.resolved.tree)


def test_a_name_that_no_kit_can_have_is_a_kit_error(tmp_path: Path) -> None:
    with pytest.raises((KitError, ConsistencyError)):
        write_kit(tmp_path / "acme", name="x" * 500)
