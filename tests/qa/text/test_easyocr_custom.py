"""Custom EasyOCR networks, code from a folder: nothing runs before its hash was stated and found to be right."""

import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from consistency.errors import InputError, MissingBackend, WeightsError
from qa.text.reader import load_reader
from tiny_models import easyocr_networks, grey_network, grey_text, network_sha256

easyocr = pytest.importorskip("easyocr", reason="the extra easyocr is not installed")

DETECTOR = "craft_mlt_25k.pth"


@pytest.fixture(scope="module")
def detector(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        yield easyocr_networks(tmp_path_factory.mktemp("easyocr"), patch) / DETECTOR


@pytest.fixture
def folder(detector, tmp_path, monkeypatch):
    """A folder with a network that would leave a file behind, were its code run."""
    for name in ("socket.socket.connect", "socket.create_connection", "socket.getaddrinfo"):
        monkeypatch.setattr(name, lambda *_, **__: pytest.fail("a connection was opened"))
    path = tmp_path / "networks"
    path.mkdir()
    (path / DETECTOR).symlink_to(detector)
    grey_network(path)
    leave_a_mark(path / "greys.py", tmp_path / "ran")
    return path


def leave_a_mark(script: Path, mark: Path) -> None:
    script.write_text(f"import pathlib\npathlib.Path({str(mark)!r}).touch()\n" + script.read_text())


def was_run(folder: Path) -> bool:
    return (folder.parent / "ran").exists()


def named(folder: Path, name: str = "greys") -> str:
    return f"easyocr:en:{folder}:{name}@{network_sha256(folder, name)}"


def test_with_the_right_hash_it_reads(folder):
    reader = load_reader(named(folder))
    assert [line.text for line in reader.read(grey_text("BEAD"))] == ["BEAD"]
    assert reader.spec.name == "easyocr-en-greys"
    assert reader.spec.weights_sha256[1] == network_sha256(folder, "greys")
    assert was_run(folder)


def test_without_a_hash_the_message_says_what_lies_there_and_that_it_is_code(folder):
    with pytest.raises(InputError, match="Python code that would be run") as caught:
        load_reader(f"easyocr:en:{folder}:greys")
    assert f"greys@{network_sha256(folder, 'greys')}" in str(caught.value)
    assert not was_run(folder)


def test_the_documented_command_prints_the_hash(folder):
    if shutil.which("sha256sum") is None:
        pytest.skip("no sha256sum on this machine")
    command = "sha256sum greys.py greys.yaml greys.pth | sha256sum"
    printed = subprocess.run(command, shell=True, cwd=folder, capture_output=True, text=True, check=True).stdout
    assert load_reader(f"easyocr:en:{folder}:greys@{printed.split()[0].upper()}").charset == frozenset("ABCDEF")


@pytest.mark.parametrize("suffix", ["py", "yaml", "pth"])
def test_one_changed_byte_is_refused_before_anything_runs(folder, suffix):
    name, file = named(folder), folder / f"greys.{suffix}"
    file.write_bytes(file.read_bytes() + b"\n")
    with pytest.raises(WeightsError, match="none of it was run"):
        load_reader(name)
    assert not was_run(folder)


@pytest.mark.parametrize(("stated", "error"), [("0" * 64, WeightsError), ("abc", InputError), ("", InputError)])
def test_a_wrong_hash_is_refused(folder, stated, error):
    with pytest.raises(error, match="sha256"):
        load_reader(f"easyocr:en:{folder}:greys@{stated}")
    assert not was_run(folder)


@pytest.mark.parametrize("file", ["greys.py", "greys.yaml", "greys.pth", DETECTOR])
def test_a_missing_file_names_itself(folder, file):
    name = named(folder)
    (folder / file).unlink()
    with pytest.raises(MissingBackend, match=file):
        load_reader(name)
    assert not was_run(folder)


def test_a_pickle_with_code_never_runs_even_with_the_right_hash(folder):
    class Bomb:
        def __reduce__(self):
            return Path.touch, (folder / "exploded",)

    (folder / "greys.pth").write_bytes(pickle.dumps({"module.Prediction.weight": Bomb()}))
    with pytest.raises(WeightsError, match="tensors alone"):
        load_reader(named(folder))
    assert not (folder / "exploded").exists()
    assert not was_run(folder)


def test_nothing_is_left_behind_in_the_process_or_the_folder(folder):
    import easyocr.easyocr as package

    load_reader(named(folder))
    path, modules, files, rows = list(sys.path), set(sys.modules), sorted(folder.iterdir()), package.imgH
    load_reader(named(folder))
    assert sys.path == path
    assert set(sys.modules) == modules
    assert not [name for name in modules if "greys" in name]
    assert sorted(folder.iterdir()) == files
    assert package.imgH == rows == 64


def test_a_network_named_like_an_installed_module_is_the_one_in_the_folder(folder):
    before = sys.modules["json"]
    load_reader(f"easyocr:en:{folder}:{grey_network(folder, 'json')}")
    assert sys.modules["json"] is before


def test_code_beside_it_that_no_hash_covers_is_not_imported(folder):
    (folder / "helper.py").write_text("VALUE = 1\n")
    (folder / "greys.py").write_text("import helper\n" + (folder / "greys.py").read_text())
    with pytest.raises(WeightsError, match="helper"):
        load_reader(named(folder))
    assert "helper" not in sys.modules


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("lang_list: [en", "greys.yaml in YAML"),
        ("- en", "no lang_list, character_list, network_params"),
        ("lang_list: [en]\ncharacter_list: AB\nnetwork_params: {columns: 4}\nimgH: high", "imgH"),
        ("!!python/object/apply:os.getcwd []", "greys.yaml in YAML"),
    ],
)
def test_a_description_that_is_none_is_refused(folder, description, expected):
    (folder / "greys.yaml").write_text(description)
    with pytest.raises(InputError, match=expected):
        load_reader(named(folder))
    assert not was_run(folder)


def test_languages_that_it_does_not_read_are_refused(folder):
    with pytest.raises(InputError, match="languages among en"):
        load_reader(named(folder).replace(":en:", ":en,de:"))
    assert not was_run(folder)


@pytest.mark.parametrize("parameters", ["{columns: 4, rows: 2}", "{}"])
def test_a_model_that_cannot_be_made_is_a_fault_of_its_files(folder, parameters):
    (folder / "greys.yaml").write_text(f"lang_list: [en]\ncharacter_list: ABCDEF\nnetwork_params: {parameters}")
    with pytest.raises(WeightsError, match="Model"):
        load_reader(named(folder))


def test_weights_of_another_network_are_refused(folder):
    (folder / "greys.yaml").write_text("lang_list: [en]\ncharacter_list: AB\nnetwork_params: {columns: 4}")
    with pytest.raises(WeightsError, match="size mismatch"):
        load_reader(named(folder))
