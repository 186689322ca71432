"""What `qa fix` leaves for an inpainting editor stands beside what is published, and nobody's file is written over."""

import io
import json

import numpy as np
import pytest
from PIL import Image as Pillow
from typer.testing import CliRunner

from consistency.errors import InputError
from consistency.region import Mask
from qa.cli.app import app
from qa.cli.handouts import HandoutFolder
from qa.fixes.handout import Handout
from qa.verdict import AssetRef, Fix, FixKind

KIT = 'kit: 1\ncolors: {blue: {value: "#1b4b8f", where: "60,40 150x120"}}\n'
RIGHT, NEAR = (27, 75, 143), (33, 79, 131)
FILES = {"sub/wide.png.1.mask.png", "sub/wide.png.1.prompt.txt", "sub/wide.png.1.json"}


def png(paint, box) -> bytes:
    pixels = np.full((200, 300, 3), 180, np.uint8)
    pixels[box] = paint
    stream = io.BytesIO()
    Pillow.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


WIDE = np.s_[10:190, 10:290]
"""A panel that goes on far beyond what the kit claims, so that its repair is refused."""

CLAIMED = np.s_[40:160, 60:210]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "brand.yaml").write_text(KIT)
    (tmp_path / "out/sub").mkdir(parents=True)
    (tmp_path / "out/near.png").write_bytes(png(NEAR, CLAIMED))
    (tmp_path / "out/sub/wide.png").write_bytes(png(NEAR, WIDE))
    return tmp_path


def fix(*arguments: str):
    return CliRunner().invoke(app, ["fix", "brand.yaml", "out", "--to", "pub", *arguments])


def handouts(folder) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != ".qa-fix.jsonl"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_what_could_not_be_mended_is_handed_out_beside_the_folder(folder):
    result = fix()
    written = handouts(folder / "pub-handouts")
    assert set(written) == FILES
    assert set(handouts(folder / "pub")) == {"near.png"}
    assert "for an inpainting editor 1 masks with prompts, in pub-handouts" in result.stderr
    record = json.loads(written["sub/wide.png.1.json"])
    assert (record["asset"], record["rule"], record["expected"]) == ("sub/wide.png", "color.blue", "#1b4b8f")
    assert Pillow.open(io.BytesIO(written["sub/wide.png.1.mask.png"])).size == (300, 200)


def test_a_second_run_writes_the_same_bytes_and_takes_away_what_no_longer_holds(folder):
    fix("--handouts", "h")
    before = handouts(folder / "h")
    fix("--handouts", "h")
    assert handouts(folder / "h") == before
    (folder / "out/sub/wide.png").write_bytes(png(RIGHT, WIDE))
    assert fix("--handouts", "h").exit_code == 0
    assert handouts(folder / "h") == {}


def test_nothing_is_made_where_everything_was_mended(folder):
    (folder / "out/sub/wide.png").unlink()
    fix()
    assert not (folder / "pub-handouts").exists()


def test_an_editors_pictures_may_stand_beside_the_handouts(folder):
    fix()
    (folder / "pub-handouts/sub/wide.png").write_text("edited")
    (folder / "pub-handouts/notes.txt").write_text("mine")
    assert fix().exit_code == 3
    assert (folder / "pub-handouts/sub/wide.png").read_text() == "edited"


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_file_that_somebody_wrote_or_changed_stops_the_run_before_it_begins(folder, name):
    fix()
    (folder / "pub-handouts" / name).write_text("mine")
    result = fix()
    assert result.exit_code == 2
    assert "a free place for each handout" in result.stderr
    assert (folder / "pub-handouts" / name).read_text() == "mine"


@pytest.mark.parametrize("where", ["out/h", "pub", "pub/h"])
def test_masks_end_up_neither_among_the_assets_nor_among_what_is_published(folder, where):
    assert fix("--handouts", where).exit_code == 2
    assert not (folder / "pub").exists()


def test_links_lead_nobody_out_of_the_folder(folder):
    (folder / "h").mkdir()
    (folder / "else").mkdir()
    (folder / "h/sub").symlink_to(folder / "else")
    with pytest.raises(InputError, match="links"):
        HandoutFolder(folder / "h").check(["sub/wide.png"], [], folder / "pub")


def test_a_file_that_comes_in_the_way_while_the_run_goes_on_is_not_written_over(folder):
    own = HandoutFolder(folder / "h")
    (folder / "h").mkdir()
    (folder / "h/a.png.1.json").write_text("mine")
    nowhere = Mask.encode(np.zeros((9, 9), np.bool_))
    handout = Handout(AssetRef("a.png", "0" * 64), Fix(FixKind.ERASE), nowhere, "")
    with pytest.raises(InputError, match="a free place"):
        own.settle("a.png", [handout])
    assert [path.name for path in (folder / "h").iterdir()] == ["a.png.1.json"]
