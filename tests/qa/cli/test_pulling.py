"""`qa models pull`: from a server of this test into the folder that is named, and how a kit then names the reader."""

import hashlib
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from typer.testing import CliRunner

import qa.text.recogniser_downloads
from consistency.runtime.fetching import Download
from qa.cli.app import app

CONTENT = b"weights"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def published(tmp_path, monkeypatch):
    """A model file that a server of this machine has; returns what its hash is said to be."""
    (tmp_path / "served").mkdir()
    (tmp_path / "served/model.onnx").write_bytes(CONTENT)
    said = {"digest": hashlib.sha256(CONTENT).hexdigest()}
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=tmp_path / "served")) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/model.onnx"
        wanted = lambda script: [Download(f"{script}.onnx", url, said["digest"], "sha256", "Apache-2.0")]  # noqa: E731
        monkeypatch.setattr(qa.text.recogniser_downloads, "downloads", wanted)
        yield said
        server.shutdown()


def pull(*arguments):
    return CliRunner().invoke(app, ["models", "pull", *map(str, arguments)])


def test_a_reader_s_files_come_into_the_folder_and_it_is_said_how_a_kit_names_them(published, tmp_path):
    result = pull("rapidocr:korean", "--to", tmp_path / "new")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "new/korean.onnx").read_bytes() == CONTENT
    said = " ".join(result.stderr.split())
    assert f"korean.onnx: Apache-2.0, sha256 {published['digest']}" in said
    assert 'models: {reader: "rapidocr:korean:' in said


def test_what_is_not_what_was_published_is_not_kept(published, tmp_path):
    published["digest"] = "0" * 64
    result = pull("rapidocr:korean", "--to", tmp_path / "new")
    assert result.exit_code != 0
    assert list((tmp_path / "new").iterdir()) == []


def test_a_model_that_cannot_be_pulled_is_said_with_those_that_can(tmp_path):
    result = pull("clip:large", "--to", tmp_path / "new")
    assert result.exit_code == 2
    assert "rapidocr" in result.stderr
    assert not (tmp_path / "new").exists()
