"""Which symbols a recogniser knows, read from its model file without loading it."""

from __future__ import annotations

from collections.abc import Iterator

from consistency.errors import WeightsError

VARINT, FIXED_64, DELIMITED, FIXED_32 = 0, 1, 2, 5
MODEL_METADATA = 14
"""Field `metadata_props` of ModelProto, onnx.proto3 of ONNX 1.x; each entry has its key in field 1, value in 2."""


def onnx_metadata(model: bytes) -> dict[str, str]:
    """Return the metadata of an ONNX model, key → value.

    Raises:
        WeightsError: The bytes are not an ONNX model.
    """
    entries: dict[str, str] = {}
    try:
        for field, value in _fields(memoryview(model)):
            if field == MODEL_METADATA:
                parts = dict(_fields(value))
                entries[bytes(parts.get(1, b"")).decode()] = bytes(parts.get(2, b"")).decode()
    except (IndexError, ValueError) as error:
        raise WeightsError("an ONNX model", f"{len(model)} other bytes") from error
    return entries


def recogniser_symbols(model: bytes) -> tuple[str, ...]:
    """Return what each class of a PP-OCR recogniser stands for: the CTC blank "" first, the space last.

    Raises:
        WeightsError: The model carries no list of characters.
    """
    characters = onnx_metadata(model).get("character", "")
    if not characters:
        raise WeightsError("a recogniser with its characters in the metadata", "none")
    return ("", *characters.split("\n"), " ")


def _fields(message: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Yield (number, bytes) of the length-delimited fields of a protocol buffer message, stepping over the others."""
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        kind = tag & 7
        if kind == VARINT:
            _, at = _varint(message, at)
            continue
        length, at = _varint(message, at) if kind == DELIMITED else (_fixed_length(kind), at)
        if at + length > len(message):
            raise ValueError("truncated")
        if kind == DELIMITED:
            yield tag >> 3, message[at : at + length]
        at += length


def _fixed_length(kind: int) -> int:
    lengths = {FIXED_64: 8, FIXED_32: 4}
    if kind not in lengths:
        raise ValueError(f"wire type {kind}")
    return lengths[kind]


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise ValueError("varint too long")
