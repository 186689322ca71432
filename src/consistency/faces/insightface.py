"""Faces by InsightFace, from model packs that already lie on this machine. Its pretrained packs are non-commercial."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any, Self

import numpy as np
import onnxruntime as ort
from insightface.app import FaceAnalysis
from numpy.typing import NDArray

from consistency.errors import InputError, MissingBackend, WeightsError
from consistency.faces.alignment import aligned
from consistency.faces.finder import Face, FaceFinderSpec, LoadableFaceFinder
from consistency.region import Box
from consistency.runtime.onnxruntime_session import check_provider, provider_of
from consistency.runtime.weights import file_sha256

logger = logging.getLogger(__name__)

DEFAULT_PACK = "buffalo_l"
HOME = Path("~/.insightface/models")
"""Where InsightFace's own tools put packs."""

DETECTION_SIZES = ((128, 128), (640, 640))
"""Both of InsightFace's defaults: at 640 alone a face that fills the picture is missed."""

DETECTION_SCORE = 0.5
LICENCE = "non-commercial research only (InsightFace model zoo)"
OWN_PACKS = ("antelopev2", "buffalo_l", "buffalo_m", "buffalo_s", "buffalo_sc")


class InsightFaceFinder(LoadableFaceFinder):
    """Detection and recognition models of one pack, run one call at a time."""

    def __init__(self, models: dict[str, Any], spec: FaceFinderSpec) -> None:
        self.spec = spec
        self._detector = models["detection"]
        self._recogniser = models.get("recognition")
        self._lock = Lock()

    @classmethod
    def load(cls, arguments: str, *, device: str = "cpu", threads: int | None = None) -> Self:
        """Load a pack by its name, looked for in ~/.insightface/models, or by its folder; never downloads.

        Raises:
            MissingBackend: No such pack, or no such device, on this machine.
            WeightsError: Its files hold no face detector.
        """
        folder = pack_folder(arguments or DEFAULT_PACK)
        models = _open(folder, device, threads)
        files = sorted(Path(model.model_file) for model in models.values())
        digest = hashlib.sha256("".join(file_sha256(file) for file in files).encode()).hexdigest()
        licence = LICENCE if folder.name in OWN_PACKS else "of the pack: look before use"
        logger.warning("face models %s: licence %s", folder.name, licence)
        sizes = " ".join(f"{width}x{height}" for width, height in DETECTION_SIZES)
        return cls(models, FaceFinderSpec(folder.name, digest, f"{sizes} >= {DETECTION_SCORE}", licence))

    def find(self, images: Sequence[NDArray[np.uint8]]) -> list[tuple[Face, ...]]:
        """Return the faces of each uint8 H×W×3 sRGB picture, largest first."""
        return [self._faces(image) for image in images]

    def _faces(self, image: NDArray[np.uint8]) -> tuple[Face, ...]:
        if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or image.size == 0:
            raise InputError("a uint8 H×W×3 picture", f"{image.dtype} {image.shape}", "use load_image()")
        reversed_channels = np.ascontiguousarray(image[:, :, ::-1])
        with self._lock:
            boxes, landmarks = self._detector.detect(reversed_channels)
            found = [self._face(reversed_channels, box, points) for box, points in zip(boxes, landmarks, strict=True)]
        return tuple(sorted((face for face in found if face), key=lambda face: (-face.box.area, face.box)))

    def _face(self, image: NDArray[np.uint8], box: NDArray[np.float32], points: NDArray[np.float32]) -> Face | None:
        left, top, right, bottom = (round(float(side)) for side in box[:4])
        height, width = image.shape[:2]
        inside = Box(left, top, max(1, right - left), max(1, bottom - top)).clipped(height, width)
        if inside is None:
            return None
        return Face(inside, float(box[4]), points.astype(np.float32), self._embedding(image, points))

    def _embedding(self, image: NDArray[np.uint8], points: NDArray[np.float32]) -> NDArray[np.float32] | None:
        if self._recogniser is None:
            return None
        crop = aligned(image, points, self._recogniser.input_size[0])
        vector = np.asarray(self._recogniser.get_feat(crop), np.float32).ravel()
        length = float(np.linalg.norm(vector))
        return vector / np.float32(length) if np.isfinite(length) and length > 0 else None


def pack_folder(name: str) -> Path:
    """Return the folder of a pack given by name or folder.

    Raises:
        MissingBackend: It is not there or holds no .onnx file; InsightFace itself would now download it.
    """
    given = Path(name).expanduser()
    folder = given if given.is_dir() else HOME.expanduser() / name
    if not folder.is_dir() or not any(folder.glob("*.onnx")):
        hint = f"put its .onnx files into {HOME / name} or name a folder; pretrained packs are {LICENCE}"
        raise MissingBackend(f"the InsightFace pack {name}", "none on this machine", hint)
    return folder.resolve()


def _open(folder: Path, device: str, threads: int | None) -> dict[str, Any]:
    provider, options = provider_of(device), ort.SessionOptions()
    if threads is not None:
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    try:
        # A folder that exists keeps InsightFace from its downloader.
        pack = FaceAnalysis(
            str(folder),
            allowed_modules=["detection", "recognition"],
            providers=[provider],
            sess_options=options,
        )
        pack.prepare(ctx_id=-1 if device == "cpu" else 0, det_thresh=DETECTION_SCORE, det_size=list(DETECTION_SIZES))
    except Exception as error:
        raise WeightsError(f"face models in {folder.name}", error, "use a complete pack") from error
    models: dict[str, Any] = pack.models
    for model in models.values():
        check_provider(model.session, device)
    if "detection" not in models:
        raise WeightsError(f"a face detector in {folder.name}", sorted(models), "use a complete pack")
    if not getattr(models["detection"], "use_kps", True):
        raise WeightsError(f"a face detector with landmarks in {folder.name}", "one without", "use a complete pack")
    return models
