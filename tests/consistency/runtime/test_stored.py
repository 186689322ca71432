"""Stored forms: one text for one content, and nothing read that is damaged, strange or newer."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consistency.errors import InputError, StoredFormatError
from consistency.runtime.stored import canonical_json, read_format

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(), children, max_size=3),
    max_leaves=12,
)


def record(version: object = 2, form: str = "qa.thing", **content: object) -> str:
    return json.dumps({"format": form, "version": version, **content})


@given(values.filter(lambda value: "\\ud" not in ascii(value)))
def test_canonical_json_reads_back_as_what_it_was(value):
    assert json.loads(canonical_json(value)) == value


@given(st.dictionaries(st.text(st.characters(codec="utf-8")), st.integers(), min_size=2))
def test_the_order_of_keys_does_not_matter(mapping):
    assert canonical_json(mapping) == canonical_json(dict(reversed(mapping.items())))


def test_unicode_stays_as_it_is():
    assert canonical_json({"größe": "€"}) == '{"größe":"€"}'


@pytest.mark.parametrize(
    "content",
    [
        math.nan,
        math.inf,
        [-math.inf],
        {"a": {"b": math.nan}},
        {1: 2},
        {"a": [{None: 1}]},
        object(),
        {"s": {1}},
        "\ud800",
    ],
)
def test_what_json_cannot_hold_is_refused(content):
    with pytest.raises(InputError):
        canonical_json(content)


def test_endless_content_is_refused():
    endless: list[object] = []
    for _ in range(100_000):
        endless = [endless]
    with pytest.raises(InputError):
        canonical_json(endless)


def test_a_record_reads_back():
    assert read_format(record(value=1), "qa.thing", 2)["value"] == 1


def test_bytes_are_read_too():
    assert read_format(record().encode(), "qa.thing", 2)["version"] == 2


def test_older_records_are_migrated_step_by_step():
    steps = {1: lambda old: {**old, "b": old["a"] + 1}, 2: lambda old: {**old, "c": old["b"] + 1}}
    assert read_format(record(1, a=1), "qa.thing", 3, steps) == {
        "format": "qa.thing",
        "version": 3,
        "a": 1,
        "b": 2,
        "c": 3,
    }


def test_newer_records_are_refused():
    with pytest.raises(StoredFormatError, match="newer release"):
        read_format(record(3), "qa.thing", 2)


def test_records_too_old_to_migrate_are_refused():
    with pytest.raises(StoredFormatError, match="too old"):
        read_format(record(1), "qa.thing", 3, {2: dict})


@pytest.mark.parametrize("version", [None, "2", 2.0, True, 0, -1])
def test_the_version_is_a_whole_number(version):
    with pytest.raises(StoredFormatError, match="integer version"):
        read_format(record(version), "qa.thing", 2)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "3", '{"format": "qa.thing", "version": NaN}', b"\xff\xfe\xfa", '{"version": 2}', "[" * 100_000,
     '{"format": "qa.thing", "version": 1, "version": 2}', '{"format": "qa.other", "version": 2}'],
)  # fmt: skip
def test_damaged_and_strange_texts_are_refused(text):
    with pytest.raises(StoredFormatError):
        read_format(text, "qa.thing", 2)


def test_texts_beyond_the_size_limit_are_refused():
    with pytest.raises(StoredFormatError, match="at most 50 bytes"):
        read_format(record(value="x" * 100), "qa.thing", 2, max_bytes=50)


def test_minus_zero_is_written_as_zero():
    assert (
        canonical_json({"a": -0.0, "b": [(-0.0, -1.5)], "c": 0, "d": False})
        == '{"a":0.0,"b":[[0.0,-1.5]],"c":0,"d":false}'
    )
