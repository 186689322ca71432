"""EasyOCR through its real loading code, with small weights made here."""

import hashlib
import pickle
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from consistency.errors import InputError, MissingBackend, WeightsError
from qa.text.reader import Reader, Scorer, load_reader
from qa.text.verification import MatchStatus, verify
from tiny_models import easyocr_networks, grey_network, grey_text

easyocr = pytest.importorskip("easyocr", reason="the extra easyocr is not installed")
torch = pytest.importorskip("torch")

from easyocr.config import detection_models  # noqa: E402

from qa.text.easyocr import CANVAS, EasyOcrReader, RightToLeftReader, downloads  # noqa: E402
from qa.text.easyocr_networks import open_reader  # noqa: E402
from qa.text.easyocr_recognition import FAINT, certainty, quiet  # noqa: E402


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        yield easyocr_networks(tmp_path_factory.mktemp("easyocr"), patch)


@pytest.fixture(scope="module")
def greys(folder) -> Reader:
    """A custom network that reads blocks of grey: what stands in a picture is known."""
    return load_reader(f"easyocr:en:{folder}:{grey_network(folder)}")


@pytest.fixture
def offline(monkeypatch):
    for name in ("socket.socket.connect", "socket.create_connection", "socket.getaddrinfo"):
        monkeypatch.setattr(name, lambda *_, **__: pytest.fail("a connection was opened"))


class Bomb:
    """What touches a file when it is unpickled."""

    def __init__(self, mark: Path):
        self.mark = mark

    def __reduce__(self):
        return Path.touch, (self.mark,)


def written(ink: int, ground: int, degrees: float = 0.0) -> np.ndarray:
    """A picture with two lines of text, turned."""
    image = Image.new("RGB", (288, 160), (ground,) * 3)
    draw = ImageDraw.Draw(image)
    draw.text((40, 40), "Price 49,90", font=ImageFont.load_default(22), fill=(ink, ink, ink + 9))
    draw.text((40, 90), "A longer line of text", font=ImageFont.load_default(18), fill=(ink,) * 3)
    return np.array(image.rotate(degrees, fillcolor=(ground,) * 3))


def test_stock_networks_load_from_a_folder_and_read(folder):
    reader = load_reader(f"easyocr:en:{folder}")
    image = written(20, 230)
    lines = reader.read(image)
    assert isinstance(reader, Reader)
    assert isinstance(reader, Scorer)
    assert {"A", "7", "€"} <= reader.charset
    assert "я" not in reader.charset
    assert len(lines) == 2
    assert reader.read_batch([image, image]) == [lines, lines]
    assert reader.spec.weights_sha256[0] != reader.spec.weights_sha256[1]


@pytest.mark.parametrize(("ink", "ground"), [(20, 230), (80, 150)])
@pytest.mark.parametrize("degrees", [0, 12])
def test_text_is_the_greedy_reading_of_easyocr_itself(folder, ink, ground, degrees):
    image = written(ink, ground, degrees)
    lines = load_reader(f"easyocr:en:{folder}").read(image)
    peer = open_reader(["en"], folder, "cpu")
    with quiet():
        upright, tilted = peer.detect(image, canvas_size=CANVAS, reformat=False)
        grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
        found = peer.recognize(grey, upright[0], tilted[0], batch_size=1, reformat=False)
    assert sorted(line.text for line in lines) == sorted(text for _, text, _ in found if text.strip())
    assert (len(tilted[0]) > 0) == (degrees > 0)
    assert len(lines) >= 2


def test_a_faint_line_is_read_again_with_more_contrast_and_judged_on_what_was_read(folder):
    reader = load_reader(f"easyocr:en:{folder}")
    network, runs = reader._reader.recognizer, []
    network.register_forward_hook(lambda _, given, __: runs.append(given[0].clone()))
    image = written(80, 150)
    (line, *_) = reader.read(image)
    first, second = runs[:2]
    assert float(second.std()) > 1.5 * float(first.std())
    with torch.inference_mode():
        unused = torch.zeros((1, 1), dtype=torch.int64)
        said = [torch.softmax(network(each, unused)[0], 1).numpy() for each in (first, second)]
    surer = said[0] if certainty(said[0]) > certainty(said[1]) else said[1]
    assert certainty(said[0]) < FAINT
    assert line.emissions.probabilities[:, 0] == pytest.approx(surer[:, 0], abs=1e-5)


def test_an_expected_text_is_judged_by_its_likelihood(greys):
    image = grey_text("CAFED")
    found = verify(image, "CAFED", reader=greys)
    wrong = verify(image, "CAFEE", reader=greys)
    assert found.status is MatchStatus.MATCH
    assert (wrong.status, wrong.read) == (MatchStatus.MISMATCH, "CAFED")
    assert str(wrong.differences[0]) == "D for E at 5"
    assert all(abs(margin) < 50 for look in wrong.looks for margin in [look.least])


def test_positions_lie_on_the_characters(greys):
    image = grey_text("FACE")
    (line,) = greys.read(image)
    centres = [20 + 26 * index + 10 for index in range(4)]
    left, right = line.quad[0][0], line.quad[1][0]
    assert line.text == "FACE"
    # A character's step is where it begins to be certain, at most half a block from its middle.
    assert [left + (right - left) * place for place in line.positions] == pytest.approx(centres, abs=10)


def test_what_the_language_ignores_is_never_read_and_the_rest_is_scaled_up_to_one(folder):
    reader = load_reader(f"easyocr:en:{folder}:{grey_network(folder, 'partly', 'ABЖDEF')}")
    (line,) = reader.read(grey_text("FCF"))
    assert reader.charset == frozenset("ABDEF")
    assert "Ж" not in line.emissions.symbols
    assert line.text in ("FBF", "FDF")
    assert line.emissions.probabilities.sum(axis=1) == pytest.approx(1, abs=1e-4)


def test_where_nothing_but_what_is_ignored_is_seen_nothing_is_said(folder):
    reader = load_reader(f"easyocr:en:{folder}:{grey_network(folder, 'strange', 'БГДЖЗИ')}")
    image = grey_text("ABC")
    seen = reader.emissions(image, ((14, 34), (46, 34), (46, 82), (14, 82)))
    assert reader.read(image) == ()
    assert reader.charset == frozenset()
    assert {float(total) for total in seen.probabilities.sum(axis=1)} == {0, 1}


def test_a_symbol_that_a_network_knows_twice_is_one_column(folder):
    reader = load_reader(f"easyocr:en:{folder}:{grey_network(folder, 'twice', 'ABCDEA')}")
    (line,) = reader.read(grey_text("BFD"))
    assert line.text == "BAD"
    assert line.emissions.symbols.count("A") == 1


def test_arabic_is_put_in_the_order_of_speech_and_not_judged_by_likelihood(folder):
    reader = load_reader(f"easyocr:ar:{folder}:{grey_network(folder, 'arabic', 'ابتثجح', 'ar')}")
    (line,) = reader.read(grey_text("BEAD"))
    assert line.text == "ثاجب"
    assert isinstance(reader, RightToLeftReader)
    assert not isinstance(reader, Scorer)
    assert (line.positions, line.emissions) == ((), None)
    with pytest.raises(InputError, match="RightToLeftReader"):
        EasyOcrReader(reader._reader, reader.spec)


def test_boxes_that_leave_the_picture_end_at_its_edge(greys):
    image = grey_text("FACE")[:, 18:-24]
    for line in greys.read(image):
        assert line.box.clipped(*image.shape[:2]) == line.box


def test_korean_without_its_weights_names_the_command_that_fetches_them(folder, offline):
    with pytest.raises(MissingBackend, match=r"korean_g2\.pth.*qa models pull easyocr:ko "):
        load_reader(f"easyocr:ko:{folder}")


def test_a_missing_weight_file_names_itself_and_nothing_is_downloaded(tmp_path, offline):
    with pytest.raises(MissingBackend, match=r"craft_mlt_25k\.pth"):
        load_reader(f"easyocr:ko:{tmp_path}")


def test_without_a_folder_the_command_that_fetches_one_is_named(offline):
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
    name = detection_models["craft"]["filename"]
    (tmp_path / name).write_bytes(pickle.dumps({"module.weight": Bomb(tmp_path / "exploded")}))
    monkeypatch.setitem(detection_models["craft"], "md5sum", hashlib.md5((tmp_path / name).read_bytes()).hexdigest())
    with pytest.raises(WeightsError, match="tensors alone"):
        load_reader(f"easyocr:en:{tmp_path}")
    assert not (tmp_path / "exploded").exists()


def test_a_file_with_a_wrong_hash_is_not_even_unpickled(folder, tmp_path, monkeypatch):
    name = detection_models["craft"]["filename"]
    (tmp_path / name).write_bytes(pickle.dumps({"module.weight": Bomb(tmp_path / "exploded")}))
    monkeypatch.setattr(torch, "load", lambda *_, **__: pytest.fail("a file was unpickled"))
    with pytest.raises(WeightsError, match="MD5"):
        load_reader(f"easyocr:en:{tmp_path}")
    assert not (tmp_path / "exploded").exists()


@pytest.mark.parametrize("is_custom", [False, True])
def test_a_file_changed_after_its_check_is_not_what_is_loaded(folder, tmp_path, monkeypatch, is_custom):
    for file in folder.glob("*.pth"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    network = f":{grey_network(tmp_path)}" if is_custom else ""
    build, given = easyocr.Reader, []

    def build_later(*args, **kwargs):
        given.extend(Path(kwargs[f"{each}_directory"]) for each in ("model_storage", "user_network"))
        if kwargs["detector"]:
            for file in tmp_path.iterdir():
                file.write_bytes(b"changed")
        return build(*args, **kwargs)

    image = grey_text("FACE")
    before = load_reader(f"easyocr:en:{tmp_path}{network}")
    monkeypatch.setattr(easyocr, "Reader", build_later)
    after = load_reader(f"easyocr:en:{tmp_path}{network}")
    assert {file.read_bytes() for file in tmp_path.iterdir()} == {b"changed"}
    assert (after.spec, after.read(image)) == (before.spec, before.read(image))
    assert given
    assert tmp_path not in given
    assert not any(path.exists() for path in given)


@pytest.mark.parametrize("languages", ["xx", "ko,ja"])
def test_languages_that_no_network_reads_are_refused(languages, tmp_path):
    with pytest.raises(InputError, match="languages"):
        load_reader(f"easyocr:{languages}:{tmp_path}")


def test_the_folder_of_weights_is_not_left_on_the_import_path(folder):
    load_reader(f"easyocr:en:{folder}")
    assert str(folder) not in sys.path
