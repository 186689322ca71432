"""Faces through InsightFace's real code: with tiny models made here, and with real ones where they are."""

import socket

import cv2
import numpy as np
import onnx
import onnxruntime
import pytest

from consistency.errors import InputError, MissingBackend, UnknownName, WeightsError
from consistency.faces.alignment import TEMPLATE, aligned, similarity
from consistency.faces.finder import FACE_FINDERS, FaceFinder, load_face_finder
from consistency.image import load_image
from shared_data import shared_path
from tiny_models import detector, face_pack, model

pytest.importorskip("insightface", reason="the faces extra is not installed")
ON_CUDA = "CUDAExecutionProvider" in onnxruntime.get_available_providers()


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    return face_pack(tmp_path_factory.mktemp("packs") / "tiny")


@pytest.fixture(scope="module")
def finder(pack):
    return load_face_finder(f"insightface:{pack}")


@pytest.fixture(autouse=True)
def _offline(monkeypatch):
    def refuse(*_):
        raise AssertionError("something was fetched")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def with_squares(*squares):
    """Return a dark picture of 640×640 with white squares (left, top, side)."""
    picture = np.zeros((640, 640, 3), np.uint8)
    for left, top, side in squares:
        picture[top : top + side, left : left + side] = 255
    return picture


def test_every_face_finder_of_the_table_is_tested():
    assert set(FACE_FINDERS) == {"insightface"}


def test_faces_are_found_largest_first_inside_the_picture(finder):
    (faces,) = finder.find([with_squares((64, 64, 64), (320, 320, 256))])
    assert isinstance(finder, FaceFinder)
    assert [face.box.area for face in faces] == sorted((face.box.area for face in faces), reverse=True)
    assert all(face.box.clipped(640, 640) == face.box for face in faces)
    assert all(face.landmarks.shape == (5, 2) and 0.5 <= face.score <= 1 for face in faces)
    assert any(face.box.left < 128 and face.box.top < 128 for face in faces)


def test_embeddings_are_of_unit_length_and_the_same_for_the_same_picture(finder):
    picture = with_squares((64, 64, 96))
    first, second = finder.find([picture, picture])
    assert np.linalg.norm(first[0].embedding) == pytest.approx(1, abs=1e-5)
    assert np.array_equal(first[0].embedding, second[0].embedding)


@pytest.mark.skipif(not ON_CUDA, reason="onnxruntime has no CUDA provider")
def test_on_cuda_it_finds_the_same(pack, finder):
    picture = with_squares((64, 64, 96))
    other = load_face_finder(f"insightface:{pack}", device="cuda")
    (ours,), (theirs,) = (each.find([picture]) for each in (finder, other))
    assert [face.box for face in ours] == [face.box for face in theirs]
    for one, two in zip(ours, theirs, strict=True):
        assert one.embedding @ two.embedding > 1 - 1e-4


@pytest.mark.skipif(ON_CUDA, reason="onnxruntime has a CUDA provider")
def test_without_cuda_it_does_not_fall_back_on_the_cpu(pack):
    with pytest.raises(MissingBackend, match="CUDA"):
        load_face_finder(f"insightface:{pack}", device="cuda")


def test_an_unknown_device_is_refused(pack):
    with pytest.raises(InputError, match="cpu, cuda"):
        load_face_finder(f"insightface:{pack}", device="tpu")


def test_no_face_is_an_empty_tuple(finder):
    assert finder.find([np.zeros((200, 300, 3), np.uint8)]) == [()]


def test_a_grey_plane_is_refused(finder):
    with pytest.raises(InputError):
        finder.find([np.zeros((64, 64), np.uint8)])


def test_a_pack_without_recognition_gives_faces_without_embedding(tmp_path):
    onnx.save(detector(), tmp_path / "det.onnx")
    finder = load_face_finder(f"insightface:{tmp_path}")
    assert finder.find([with_squares((64, 64, 96))])[0][0].embedding is None


def test_the_spec_follows_the_files(finder, tmp_path):
    other = face_pack(tmp_path / "tiny")
    assert load_face_finder(f"insightface:{other}").spec.id == finder.spec.id
    changed = onnx.load(other / "rec.onnx")
    changed.producer_name = "changed"
    onnx.save(changed, other / "rec.onnx")
    assert load_face_finder(f"insightface:{other}").spec.id != finder.spec.id


@pytest.mark.parametrize("name", ["insightface", "insightface:buffalo_x", "insightface:/nowhere/at/all"])
def test_an_absent_pack_is_never_fetched_and_the_licence_is_said(name, tmp_path, monkeypatch):
    monkeypatch.setattr("consistency.faces.insightface.HOME", tmp_path)
    with pytest.raises(MissingBackend, match="non-commercial"):
        load_face_finder(name)


def test_an_empty_or_broken_pack_is_an_error(tmp_path):
    with pytest.raises(MissingBackend):
        load_face_finder(f"insightface:{tmp_path}")
    (tmp_path / "det.onnx").write_bytes(b"no model")
    with pytest.raises(WeightsError, match="face models"):
        load_face_finder(f"insightface:{tmp_path}")


def test_a_pack_without_a_detector_is_an_error(tmp_path):
    node = onnx.helper.make_node("Flatten", ["x"], ["y"])
    onnx.save(model([node], [("x", ["n", 3, 112, 112])], [("y", ["n", 37632])], []), tmp_path / "rec.onnx")
    with pytest.raises(WeightsError):
        load_face_finder(f"insightface:{tmp_path}")


def test_an_unknown_finder_lists_the_known():
    with pytest.raises(UnknownName, match="insightface"):
        load_face_finder("insightfase")


def test_alignment_undoes_a_similarity():
    turn = cv2.getRotationMatrix2D((50, 60), 33, 1.7)
    points = TEMPLATE @ turn[:, :2].T + turn[:, 2]
    back = similarity(points, TEMPLATE)
    np.testing.assert_allclose(points @ back[:, :2].T + back[:, 2], TEMPLATE, atol=1e-9)


def test_alignment_is_the_one_that_recognition_networks_were_trained_with():
    face_align = pytest.importorskip("insightface.utils.face_align")
    rng = np.random.default_rng(0)
    picture = cv2.GaussianBlur(rng.integers(0, 256, (200, 200, 3), np.uint8), (0, 0), 3)
    for side in (112, 128):
        points = (TEMPLATE + rng.normal(0, 3, (5, 2)) + 30).astype(np.float32)
        with pytest.warns(FutureWarning):
            expected = face_align.norm_crop(picture, points, side)
        assert np.abs(aligned(picture, points, side).astype(int) - expected).max() <= 1


@pytest.mark.parametrize(("points", "side"), [(np.zeros((5, 2)), 112), (TEMPLATE, 100)])
def test_points_that_coincide_and_odd_sides_are_refused(points, side):
    with pytest.raises(InputError):
        aligned(np.zeros((10, 10, 3), np.uint8), points.astype(np.float32), side)


def test_real_models_tell_people_apart():
    finder = load_face_finder(f"insightface:{shared_path('models/insightface_root/models/small')}")
    folder = shared_path("data/faces/bbt")
    names = ("penny/penny1.png", "penny/penny2.png", "raj/raj1.png", "raj/raj2.png")
    faces = [found[0].embedding for found in finder.find([load_image(folder / name).pixels for name in names])]
    cosines = np.stack(faces) @ np.stack(faces).T
    assert min(cosines[0, 1], cosines[2, 3]) > 0.4
    assert cosines[:2, 2:].max() < 0.3
