"""The disposable store on disk."""

import logging
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

import pytest

from consistency.errors import InputError
from consistency.runtime.cache import VARIABLE, Cache, writable


def entries(cache):
    return [path for path in cache.root.glob("*/*/*") if path.is_file()]


def test_what_was_put_comes_back_under_its_kind_and_key_only(tmp_path):
    cache = Cache(tmp_path)
    cache.put_bytes("graphs", "a", b"one")
    assert cache.get_bytes("graphs", "a") == b"one"
    assert cache.get_bytes("graphs", "b") is cache.get_bytes("embeddings", "a") is None


@pytest.mark.parametrize("damage", [b"", b"x" * 10, b"\0" * 40])
def test_a_damaged_entry_counts_as_absent(tmp_path, damage, caplog):
    cache = Cache(tmp_path)
    cache.put_bytes("graphs", "a", b"content")
    entries(cache)[0].write_bytes(damage)
    assert cache.get_bytes("graphs", "a") is None
    assert "damaged" in caplog.text


def test_one_changed_byte_counts_as_damage(tmp_path):
    cache = Cache(tmp_path)
    cache.put_bytes("graphs", "a", b"content")
    path = entries(cache)[0]
    path.write_bytes(path.read_bytes()[:-1] + b"T")
    assert cache.get_bytes("graphs", "a") is None


def test_the_entries_used_longest_ago_go_first(tmp_path):
    cache = Cache(tmp_path, max_bytes=250)
    for index, key in enumerate("abc"):
        cache.put_bytes("graphs", key, bytes(80))
        os.utime(max(entries(cache), key=lambda path: path.stat().st_mtime), (index, index))
    cache.trim()
    assert [key for key in "abc" if cache.get_bytes("graphs", key) is None] == ["a"]


def test_a_folder_that_cannot_be_written_is_replaced_and_said_once(tmp_path, caplog):
    (tmp_path / "file").write_text("")
    writable.cache_clear()
    with caplog.at_level(logging.WARNING):
        caches = [Cache(tmp_path / "file" / "cache") for _ in range(3)]
    caches[0].put_bytes("graphs", "a", b"one")
    assert caches[2].get_bytes("graphs", "a") == b"one"
    assert caplog.text.count("cannot be written") == 1


def test_the_environment_names_the_folder(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "here"))
    assert Cache().root == tmp_path / "here"


def test_writers_of_one_key_leave_one_whole_entry(tmp_path):
    cache = Cache(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda index: cache.put_bytes("graphs", "a", bytes([index]) * 5000), range(64)))
    found = cache.get_bytes("graphs", "a")
    assert found is not None
    assert len(set(found)) == 1
    assert len(list(tmp_path.rglob("*"))) == 3


@pytest.mark.parametrize("kind", ["../x", "", "a/b"])
def test_a_kind_that_could_leave_the_folder_is_refused(tmp_path, kind):
    with pytest.raises(InputError):
        Cache(tmp_path).put_bytes(kind, "a", b"")


def test_a_limit_below_one_byte_is_refused(tmp_path):
    with pytest.raises(InputError):
        Cache(tmp_path, max_bytes=0)


@pytest.mark.parametrize(("kind", "key"), [("graphs", "b"), ("embeddings", "a")])
def test_an_entry_put_in_another_s_place_counts_as_damage(tmp_path, kind, key):
    cache = Cache(tmp_path)
    cache.put_bytes("graphs", "a", b"one")
    (swapped,) = entries(cache)
    cache.put_bytes(kind, key, b"two")
    (place,) = set(entries(cache)) - {swapped}
    os.replace(swapped, place)
    assert cache.get_bytes(kind, key) is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without named pipes")
def test_a_pipe_in_place_of_an_entry_is_absent_and_nobody_waits_for_it(tmp_path):
    cache = Cache(tmp_path)
    cache.put_bytes("graphs", "a", b"one")
    (place,) = entries(cache)
    place.unlink()
    os.mkfifo(place)
    reader = (
        "import sys; from consistency.runtime.cache import Cache; print(Cache(sys.argv[1]).get_bytes('graphs', 'a'))"
    )
    done = subprocess.run([sys.executable, "-c", reader, tmp_path], capture_output=True, text=True, timeout=20)
    assert done.stdout.strip() == "None"
    cache.put_bytes("graphs", "a", b"two")
    assert cache.get_bytes("graphs", "a") == b"two"


def test_a_folder_in_place_of_an_entry_is_absent_and_leaves_no_temporary_file(tmp_path, caplog):
    cache = Cache(tmp_path)
    cache.put_bytes("graphs", "a", b"one")
    (place,) = entries(cache)
    place.unlink()
    place.mkdir()
    cache.put_bytes("graphs", "a", b"two")
    assert cache.get_bytes("graphs", "a") is None
    assert entries(cache) == []
    assert "was not kept" in caplog.text


def test_warnings_name_no_absolute_path(tmp_path, caplog):
    cache = Cache(tmp_path / "here")
    cache.put_bytes("graphs", "a", b"one")
    (place,) = entries(cache)
    place.unlink()
    place.mkdir()
    cache.put_bytes("graphs", "a", b"two")
    (tmp_path / "file").write_text("")
    writable.cache_clear()
    Cache(tmp_path / "file" / "cache")
    assert len(caplog.messages) == 2
    assert str(tmp_path) not in caplog.text
    assert tempfile.gettempdir() not in caplog.text
