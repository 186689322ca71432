"""Anchors on disk: a JSON record and its vectors as safetensors, each checked against a hash."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from consistency.calibration.curves import Curve
from consistency.calibration.stored_curves import curve_record, read_curve
from consistency.embedders.embedder import EmbedderSpec
from consistency.errors import ConsistencyError, StoredFormatError
from consistency.facets import FACETS, OF_LOOKS
from consistency.runtime.stored import Migration, Record, canonical_json, read_format
from consistency.template import Dropped, Template
from consistency.thumbnails import THUMBNAIL_SIDE
from consistency.views import View, from_tensors, to_tensors

FORMAT, VERSION = "consistency.anchor", 4
RECORD_FILE, VECTORS_FILE = "anchor.json", "anchor.safetensors"
MOST_BYTES = 64 * 1024 * 1024
HINT = "the anchor is damaged; build it again from its references"


@dataclass(frozen=True, eq=False)
class StoredAnchor:
    """What of an anchor is written."""

    name: str
    templates: Mapping[str, Template]
    references: tuple[str, ...]
    thumbnails: NDArray[np.uint8]
    maps: NDArray[np.float16]
    not_like: tuple[str, ...]
    spec: EmbedderSpec | None
    embedder_name: str
    finder_name: str
    views: tuple[View, ...] = ()
    curves: Mapping[str, Curve] = field(default_factory=dict)


def write_anchor(folder: Path, anchor: StoredAnchor) -> Path:
    """Write both files, the record last; each is moved into place whole."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors: dict[str, NDArray[Any]] = {
        "thumbnails": np.ascontiguousarray(anchor.thumbnails),
        "maps": np.ascontiguousarray(anchor.maps),
        **to_tensors(anchor.views),
    }
    for facet, template in anchor.templates.items():
        tensors[f"{facet}.references"] = np.ascontiguousarray(template.references)
        tensors[f"{facet}.not_like"] = np.ascontiguousarray(template.not_like)
    vectors = save(tensors)
    record = _record(anchor, hashlib.sha256(vectors).hexdigest())
    _replace(folder / VECTORS_FILE, vectors)
    _replace(folder / RECORD_FILE, canonical_json({**record, "sha256": _digest(record)}).encode())
    return folder


def read_anchor(folder: Path) -> StoredAnchor:
    """Read both files.

    Raises:
        StoredFormatError: Missing, truncated, tampered with, newer, or of version 1: that was made of pictures looked
            at otherwise, and has to be built again.
    """
    record = read_format(_bytes(folder / RECORD_FILE), FORMAT, VERSION, MIGRATIONS)
    vectors = _bytes(folder / VECTORS_FILE)
    claimed = record.pop("sha256", None)
    if claimed != _digest(record):
        raise StoredFormatError(f"{RECORD_FILE} as it was written", "other content", HINT)
    try:
        if hashlib.sha256(vectors).hexdigest() != record["vectors_sha256"]:
            raise StoredFormatError(f"{VECTORS_FILE} as it was written", "other content", HINT)
        return _anchor(record, load(vectors))
    except StoredFormatError:
        raise
    except (ConsistencyError, SafetensorError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise StoredFormatError(f"{FORMAT} version {VERSION}", error, HINT) from error


def _with(version: int, **added: object) -> Migration:
    """Return what adds to a record of the version before; its hash stays wrong where it was."""

    def move(record: Record) -> Record:
        content = {key: value for key, value in record.items() if key != "sha256"}
        moved = {**content, "version": version, **added}
        return {**moved, "sha256": _digest(moved) if record.get("sha256") == _digest(content) else ""}

    return move


MIGRATIONS: Mapping[int, Migration] = {2: _with(3, views=0), 3: _with(4, curves={})}
"""An anchor of version 2 scores as ever and tells no changes; one of version 3 knows no probabilities."""


def _record(anchor: StoredAnchor, vectors_sha256: str) -> Record:
    return {
        "format": FORMAT,
        "version": VERSION,
        "name": anchor.name,
        "facets": [_facet(facet, template) for facet, template in anchor.templates.items()],
        "references": list(anchor.references),
        "not_like": list(anchor.not_like),
        "spec": None if anchor.spec is None else asdict(anchor.spec),
        "embedder": anchor.embedder_name,
        "face_finder": anchor.finder_name,
        "views": len(anchor.views),
        "curves": {facet: curve_record(curve) for facet, curve in anchor.curves.items()},
        "vectors_sha256": vectors_sha256,
    }


def _facet(facet: str, template: Template) -> Record:
    dropped = [{"index": each.index, "reason": each.reason} for each in template.dropped]
    return {"facet": facet, "spec": template.spec, "dropped": dropped}


def _template(stored: Record, tensors: Mapping[str, NDArray[Any]]) -> Template:
    facet = stored["facet"]
    dropped = tuple(Dropped(int(each["index"]), facet, str(each["reason"])) for each in stored["dropped"])
    return Template(
        stored["spec"], tensors[f"{facet}.references"], tensors[f"{facet}.not_like"], dropped, facet in OF_LOOKS
    )


def _anchor(record: Record, tensors: Mapping[str, NDArray[Any]]) -> StoredAnchor:
    templates = {stored["facet"]: _template(stored, tensors) for stored in record["facets"]}
    if not templates:
        raise StoredFormatError("an anchor with facets", "none", HINT)
    for facet in templates:
        if facet not in FACETS:
            raise StoredFormatError(f"facets of {', '.join(FACETS)}", facet, HINT)
    _check_pictures(templates, len(record["references"]), tensors["thumbnails"], tensors["maps"])
    views = from_tensors(tensors) if record["views"] else ()
    if len(views) != record["views"] or len(views) not in {0, *(len(t.references) for t in _subject(templates))}:
        raise StoredFormatError("a view of every reference of the subject", f"{len(views)} views", HINT)
    spec = record["spec"]
    return StoredAnchor(
        record["name"],
        templates,
        tuple(record["references"]),
        tensors["thumbnails"],
        tensors["maps"],
        tuple(record["not_like"]),
        None if spec is None else EmbedderSpec.from_record(spec),
        record["embedder"],
        record["face_finder"],
        views,
        _curves(record["curves"], templates),
    )


def _curves(stored: Mapping[str, Record], templates: Mapping[str, Template]) -> dict[str, Curve]:
    if not stored.keys() <= templates.keys():
        raise StoredFormatError(f"curves of {', '.join(templates)}", ", ".join(stored), HINT)
    return {facet: read_curve(each) for facet, each in stored.items()}


def _subject(templates: Mapping[str, Template]) -> tuple[Template, ...]:
    return (templates["subject"],) if "subject" in templates else ()


def _check_pictures(
    templates: Mapping[str, Template], count: int, thumbnails: NDArray[Any], maps: NDArray[Any]
) -> None:
    """Refuse thumbnails, maps and left-out places that are not those of so many references.

    Raises:
        StoredFormatError: They are of another shape, number or type, or not finite.
    """
    shape = (count, THUMBNAIL_SIDE, THUMBNAIL_SIDE, 3)
    if not count or thumbnails.dtype != np.uint8 or thumbnails.shape != shape:
        raise StoredFormatError(f"thumbnails {shape} uint8", f"{thumbnails.shape} {thumbnails.dtype}", HINT)
    is_map = maps.dtype == np.float16 and maps.ndim == 4 and len(maps) <= count and bool(np.isfinite(maps).all())
    if not is_map or (len(maps) and "subject" not in templates):
        raise StoredFormatError("maps m×h×w×d float16 of the subject", f"{maps.shape} {maps.dtype}", HINT)
    for facet, template in templates.items():
        left_out = [each.index for each in template.dropped]
        if (
            sorted({*left_out} & {*range(count)}) != sorted(left_out)
            or len(template.references) + len(left_out) != count
        ):
            raise StoredFormatError(f"every reference in {facet} or left out", f"{left_out} of {count}", HINT)


def _digest(record: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical_json(record).encode()).hexdigest()


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise StoredFormatError(f"{path.name} of at most {MOST_BYTES} bytes", path.stat().st_size)
        return path.read_bytes()
    except OSError as error:
        raise StoredFormatError(f"an anchor's {path.name}", error.strerror or error, HINT) from error


def _replace(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(content)
    os.replace(beside, path)
