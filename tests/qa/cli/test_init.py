"""The command `qa init`: photographs and colours in, a kit that loads out."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from campaign_folder import picture
from qa.cli.app import app
from qa.kit.kit import BrandKit


def init(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["init", *map(str, arguments)])


@pytest.fixture
def photographs(tmp_path: Path) -> list[Path]:
    return [picture(tmp_path / "photos" / "sneaker" / f"{number}.png", seed=number) for number in range(3)]


def test_a_glob_that_the_shell_expanded_is_taken_whole(tmp_path: Path, photographs: list[Path]) -> None:
    result = init(tmp_path / "acme", "--references", *photographs, "--color", "acme_blue=#0055aa", "--name", "Acme")
    assert result.exit_code == 0, result.stderr
    kit = BrandKit.load(tmp_path / "acme" / "brand.yaml")
    assert kit.name == "Acme"
    assert len(kit.expand("refs/sneaker/*.png")) == 3
    assert "3 references" in result.stdout


def test_a_folder_or_a_quoted_glob_does_as_well(tmp_path: Path, photographs: list[Path]) -> None:
    assert init(tmp_path / "a", "--references", photographs[0].parent).exit_code == 0
    assert init(tmp_path / "b", "--references", tmp_path / "photos" / "**" / "*.png").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--references", "none/*.png"], "none at"),
        (["--color", "blue"], "name=value"),
        (["--color", "blue=#12"], "blue"),
        (["--color", "blue=#0055aa", "--color", "blue=#0055ab"], "once"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_written(tmp_path: Path, arguments: list[str], said: str) -> None:
    result = init(tmp_path / "acme", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert not (tmp_path / "acme" / "brand.yaml").exists()


def test_a_kit_that_is_there_is_kept(tmp_path: Path) -> None:
    assert init(tmp_path / "acme").exit_code == 0
    before = (tmp_path / "acme" / "brand.yaml").read_bytes()
    assert init(tmp_path / "acme", "--color", "blue=#0055aa").exit_code == 2
    assert (tmp_path / "acme" / "brand.yaml").read_bytes() == before


def test_a_photograph_in_the_place_of_the_folder_is_noticed(photographs: list[Path]) -> None:
    result = init(*photographs)
    assert result.exit_code == 2
    assert "folder first" in result.stderr
