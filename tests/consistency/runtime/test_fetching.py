"""A model file is fetched from a server of this test, and kept only where its bytes are the published ones."""

import hashlib
import io
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from consistency.errors import InputError, MissingBackend, WeightsError
from consistency.runtime.fetching import Download, fetch

MODEL = b"weights " * 1000


def zipped(name: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, MODEL)
    return packed.getvalue()


ANSWERS = {"/model.onnx": MODEL, "/model.zip": zipped("model.onnx"), "/other.zip": zipped("../model.onnx")}


ASKED: list[str] = []


class Server(BaseHTTPRequestHandler):
    def do_GET(self):
        ASKED.append(self.path)
        self.send_response(200 if self.path in ANSWERS else 404)
        self.end_headers()
        self.wfile.write(ANSWERS.get(self.path, b""))

    def log_message(self, *_):
        pass


@pytest.fixture
def address():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    ASKED.clear()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def download(url, digest=None):
    return Download("model.onnx", url, digest or hashlib.sha256(MODEL).hexdigest(), "sha256", "Apache-2.0")


@pytest.mark.parametrize("path", ["/model.onnx", "/model.zip"])
def test_the_file_comes_whether_published_bare_or_packed(address, path, tmp_path):
    target = fetch(download(address + path), tmp_path / "new")
    assert target.read_bytes() == MODEL
    assert [file.name for file in target.parent.iterdir()] == ["model.onnx"]


def test_a_file_that_is_there_is_not_fetched_again(address, tmp_path):
    fetch(download(address + "/model.onnx"), tmp_path)
    fetch(download(address + "/model.onnx"), tmp_path)
    assert ASKED == ["/model.onnx"]


@pytest.mark.parametrize("path", ["/model.onnx", "/other.zip"])
def test_other_bytes_are_refused_and_nothing_is_kept(address, path, tmp_path):
    digest = "0" * 64 if path == "/model.onnx" else None
    with pytest.raises(WeightsError, match=r"model\.onnx"):
        fetch(download(address + path, digest), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_there_is_a_missing_backend(address, tmp_path):
    with pytest.raises(MissingBackend, match="404"):
        fetch(download(address + "/absent"), tmp_path)


@pytest.mark.parametrize("url", ["http://example.org/model.onnx", "file:///etc/passwd", "ftp://example.org/x"])
def test_only_encrypted_addresses_are_taken(url, tmp_path):
    with pytest.raises(InputError, match="https"):
        fetch(download(url), tmp_path)
