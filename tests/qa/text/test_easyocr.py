"""EasyOCR through its real loading code, with small random weights made here."""

import hashlib
import pickle
import sys
from pathlib import Path

import numpy as np
import pytest

from consistency.errors import InputError, MissingBackend, WeightsError
from qa.text.reader import Reader, load_reader

easyocr = pytest.importorskip("easyocr", reason="the extra easyocr is not installed")
torch = pytest.importorskip("torch")

from easyocr.config import detection_models, recognition_models  # noqa: E402
from easyocr.craft import CRAFT  # noqa: E402
from easyocr.model.vgg_model import Model  # noqa: E402

from qa.text.easyocr import downloads  # noqa: E402

ENGLISH = recognition_models["gen2"]["english_g2"]


def save(network, path: Path) -> str:
    """Save a state dict as EasyOCR publishes it, and return the file's MD5."""
    torch.save({f"module.{name}": value for name, value in network.state_dict().items()}, path)
    return hashlib.md5(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("easyocr")
    torch.manual_seed(7)
    classes = len(ENGLISH["characters"]) + 1
    patch = pytest.MonkeyPatch()
    recogniser = Model(input_channel=1, output_channel=256, hidden_size=256, num_class=classes)
    patch.setitem(ENGLISH, "md5sum", save(recogniser, path / ENGLISH["filename"]))
    detector = CRAFT(pretrained=False)
    with torch.no_grad():
        # A detector that finds text everywhere, so that the recogniser is reached.
        detector.conv_cls[-1].bias.fill_(0.9)
    patch.setitem(detection_models["craft"], "md5sum", save(detector, path / detection_models["craft"]["filename"]))
    yield path
    patch.undo()


def test_stock_networks_load_from_a_folder_and_read(folder):
    reader = load_reader(f"easyocr:en:{folder}")
    image = np.random.default_rng(0).integers(0, 256, (96, 160, 3), np.uint8)
    lines = reader.read(image)
    assert isinstance(reader, Reader)
    assert {"A", "7", "€"} <= reader.charset
    assert "я" not in reader.charset
    assert lines
    assert reader.read_batch([image, image]) == [lines, lines]
    assert reader.spec.weights_sha256[0] != reader.spec.weights_sha256[1]


def test_a_missing_weight_file_names_itself_and_nothing_is_downloaded(tmp_path, monkeypatch):
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("a connection was opened"))
    with pytest.raises(MissingBackend, match=r"craft_mlt_25k\.pth"):
        load_reader(f"easyocr:ko:{tmp_path}")


def test_without_a_folder_the_command_that_fetches_one_is_named(monkeypatch):
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("a connection was opened"))
    with pytest.raises(MissingBackend, match="qa models pull easyocr"):
        load_reader("easyocr:ko")


def test_what_a_language_needs_is_its_network_and_the_detector():
    files = [(each.file, each.algorithm) for each in downloads("ko,en")]
    assert files == [("craft_mlt_25k.pth", "md5"), ("korean_g2.pth", "md5")]


def test_a_folder_that_is_not_there_is_a_missing_backend(tmp_path):
    with pytest.raises(MissingBackend):
        load_reader(f"easyocr:en:{tmp_path / 'absent'}")
    assert not (tmp_path / "absent").exists()


def test_changed_weights_are_refused(folder, tmp_path):
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes() + b"x")
    with pytest.raises(WeightsError, match="MD5"):
        load_reader(f"easyocr:en:{tmp_path}")


def test_a_file_that_would_run_code_is_refused_before_it_does(folder, tmp_path, monkeypatch):
    class Bomb:
        def __reduce__(self):
            return Path.touch, (tmp_path / "exploded",)

    name = detection_models["craft"]["filename"]
    (tmp_path / name).write_bytes(pickle.dumps({"module.weight": Bomb()}))
    monkeypatch.setitem(detection_models["craft"], "md5sum", hashlib.md5((tmp_path / name).read_bytes()).hexdigest())
    with pytest.raises(WeightsError, match="tensors alone"):
        load_reader(f"easyocr:en:{tmp_path}")
    assert not (tmp_path / "exploded").exists()


@pytest.mark.parametrize("languages", ["xx", "ko,ja"])
def test_languages_that_no_network_reads_are_refused(languages, tmp_path):
    with pytest.raises(InputError, match="languages"):
        load_reader(f"easyocr:{languages}:{tmp_path}")


def test_the_folder_of_weights_is_not_left_on_the_import_path(folder):
    load_reader(f"easyocr:en:{folder}")
    assert str(folder) not in sys.path
