"""`qa fix`: what may be published ends up in the folder, and nothing else is touched."""

import io
import json

import numpy as np
import pytest
from PIL import Image as Pillow
from typer.testing import CliRunner

from consistency.errors import InputError
from consistency.image import load_image
from qa.cli.app import app
from qa.cli.outbox import LIST, Outbox

KIT = 'kit: 1\ncolors: {blue: {value: "#1b4b8f", where: "60,40 150x120"}}\n'
RIGHT, NEAR, FAR = (27, 75, 143), (33, 79, 131), (200, 20, 20)


def png(paint) -> bytes:
    pixels = np.full((200, 300, 3), 180, np.uint8)
    pixels[40:160, 60:210] = paint
    stream = io.BytesIO()
    Pillow.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "brand.yaml").write_text(KIT)
    for name, paint in {"right.png": RIGHT, "sub/near.png": NEAR, "far.png": FAR}.items():
        path = tmp_path / "out" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(png(paint))
    return tmp_path


def fix(*arguments: str):
    return CliRunner().invoke(app, ["fix", "brand.yaml", "out", *arguments])


def files(folder) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {LIST}


def test_what_may_be_published_is_collected(folder):
    result = fix("--to", "pub", "--report", "r", "--format", "jsonl")
    assert result.exit_code == 1
    assert files(folder / "pub") == {"right.png", "sub/near.png"}
    assert (folder / "pub/right.png").read_bytes() == png(RIGHT)
    assert (load_image(folder / "pub/sub/near.png").pixels[100, 100] == RIGHT).all()
    assert (folder / "out/sub/near.png").read_bytes() == png(NEAR)
    assert "repaired sub/near.png: recolour" in result.stderr
    assert "repaired 1 of 1" in result.stderr
    records = [json.loads(line) for line in (folder / "r/run.jsonl").read_text().splitlines()]
    decisions = {r["asset"]["name"]: r["decision"] for r in records if r["format"] == "qa.verdict"}
    assert decisions == {"right.png": "accept", "sub/near.png": "accept", "far.png": "reject"}


def test_only_repaired_ones_where_asked(folder):
    fix("--to", "pub", "--repaired-only")
    assert files(folder / "pub") == {"sub/near.png"}


def test_drift_alarms_are_taken_and_recorded(folder):
    result = fix("--to", "pub", "--report", "r", "--drift-alarm", "identity.*")
    assert "the drift alarm identity.* names no calibrated rule" in result.stderr
    run = json.loads((folder / "r/run.jsonl").read_text().splitlines()[0])
    assert run["options"]["drift_alarms"] == "identity.*"


def test_a_second_run_changes_nothing_and_takes_away_what_is_rejected_now(folder):
    fix("--to", "pub")
    before = (folder / "pub/sub/near.png").read_bytes()
    assert fix("--to", "pub").exit_code == 1
    assert (folder / "pub/sub/near.png").read_bytes() == before
    (folder / "out/sub/near.png").write_bytes(png(FAR))
    fix("--to", "pub")
    assert files(folder / "pub") == {"right.png"}


def test_files_of_others_and_originals_are_never_written_over(folder):
    (folder / "pub").mkdir()
    (folder / "pub/far.png").write_text("mine")
    result = fix("--to", "pub")
    assert result.exit_code == 2
    assert "a free place for each file" in result.stderr
    assert (folder / "pub/far.png").read_text() == "mine"
    assert fix("--to", "out/pub").exit_code == 2
    alone = CliRunner().invoke(app, ["fix", "brand.yaml", "out/right.png", "--to", "."])
    assert alone.exit_code == 2


def test_a_file_that_somebody_changed_is_no_longer_ours(folder):
    fix("--to", "pub")
    (folder / "pub/right.png").write_text("edited")
    assert fix("--to", "pub").exit_code == 2


def test_a_damaged_list_is_refused(tmp_path):
    (tmp_path / LIST).write_text("no list\n")
    with pytest.raises(InputError, match="a list that qa fix wrote"):
        Outbox(tmp_path)


def test_all_well_ends_with_zero(folder):
    (folder / "out/far.png").unlink()
    assert fix("--to", "pub").exit_code == 0


def test_two_assets_whose_files_would_go_to_one_place_are_refused(tmp_path):
    with pytest.raises(InputError, match="one place"):
        Outbox(tmp_path / "pub").check(["../in/a.png", "in/a.png"], [])


def test_the_folder_of_an_asset_is_refused(tmp_path):
    with pytest.raises(InputError, match="outside the assets"):
        Outbox(tmp_path / "in").check(["in/a.png"], [tmp_path / "in" / "a.png"])


def test_links_in_the_folder_lead_nobody_out_of_it(tmp_path):
    (tmp_path / "pub").mkdir()
    (tmp_path / "else").mkdir()
    (tmp_path / "pub/sub").symlink_to(tmp_path / "else")
    (tmp_path / "pub/.a.png.part").symlink_to(tmp_path / "else/mine")
    outbox = Outbox(tmp_path / "pub")
    with pytest.raises(InputError, match="links"):
        outbox.check(["sub/a.png"], [])
    outbox.put("a.png", b"new")
    assert list((tmp_path / "else").iterdir()) == []
