"""What checks share about one asset: read once, on demand, whoever asks first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from threading import RLock
from types import MappingProxyType
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from consistency.colorspace import to_lab
from consistency.embedders.embedder import Features
from consistency.errors import InputError
from consistency.faces.finder import Face
from consistency.image import Image
from consistency.region import Box
from qa.asset import Asset
from qa.engines import Engines
from qa.quality.fingerprint import Fingerprint
from qa.text.reader import TextLine

T = TypeVar("T")


class Need(StrEnum):
    """What the pipeline prepares in batches before the checks run."""

    LINES = "lines"
    FEATURES = "features"
    FACES = "faces"


class Evidence:
    """Lazy, memoised measurements of one asset; safe from several threads.

    Args:
        asset: The asset; its picture must be readable.
        engines: The gate's models, loaded when first asked.
        background: sRGB colour that transparent pixels are composited on.
        files: The kit's files, by name.
        as_of: The day of the run, for what expires; None takes today's.
        alarms: Rules, or patterns of rules, for which drift was seen since their calibration.
        is_audited: Whether the asset was drawn for a person's look, so that its values may become labels.

    Attributes:
        image: The picture that checks judge, composited where it was transparent.
        roles: Roles of the models that were asked for: "embedder", "reader", "faces".
    """

    def __init__(
        self,
        asset: Asset,
        engines: Engines,
        background: tuple[int, int, int] = (255, 255, 255),
        *,
        files: Mapping[str, bytes] = MappingProxyType({}),
        as_of: date | None = None,
        alarms: Collection[str] = (),
        is_audited: bool = False,
    ) -> None:
        if asset.image is None:
            raise InputError("an asset whose picture could be read", asset.name)
        self.asset = asset
        self.engines = engines
        self.files = files
        self.as_of = as_of or date.today()
        self.alarms = tuple(alarms)
        self.is_audited = is_audited
        self.image: Image = asset.image.on_background(background)
        self.roles: set[str] = set()
        self._known: dict[object, Any] = {}
        self._lock = RLock()

    def recall(self, key: object, measure: Callable[[], T]) -> T:
        """Return what is known under `key`, measuring it the first time."""
        with self._lock:
            if key not in self._known:
                self._known[key] = measure()
            known: T = self._known[key]
            return known

    def supply(self, key: object, value: object) -> None:
        """Hand in a measurement that the pipeline prepared in a batch."""
        with self._lock:
            self._known.setdefault(key, value)

    def lab(self) -> NDArray[np.float32]:
        """CIE L*a*b* (D65) of every pixel, H×W×3 float32, from extended colour where the source had it."""
        return self.recall("lab", lambda: to_lab(self.image))

    def fingerprint(self) -> Fingerprint:
        """What tells the picture from others, in five kilobytes."""
        return self.recall("fingerprint", lambda: Fingerprint.of(self.image.pixels))

    def lines(self) -> tuple[TextLine, ...]:
        """The lines of text that the kit's reader finds."""
        self.roles.add("reader")
        return self.recall("lines", lambda: self.engines.reader().read(self.image.pixels))

    def features(self, box: Box | None = None) -> Features:
        """Embedding of the picture, or of the part inside `box`, by the kit's embedder (n = 1)."""
        self.roles.add("embedder")
        return self.recall(("features", box), lambda: self.engines.embedder().embed([self.crop(box)]))

    def faces(self) -> tuple[Face, ...]:
        """The faces that the kit's face finder finds, largest first."""
        self.roles.add("faces")
        return self.recall("faces", lambda: self.engines.face_finder().find([self.image.pixels])[0])

    def crop(self, box: Box | None) -> NDArray[np.uint8]:
        """Return the pixels inside `box` (clipped to the picture), or all of them."""
        if box is None:
            return self.image.pixels
        height, width = self.image.pixels.shape[:2]
        inside = box.clipped(height, width)
        if inside is None:
            raise InputError(f"a box that meets the {width}×{height} picture", box)
        return np.ascontiguousarray(self.image.pixels[inside.slices])


def prefetch(need: Need, evidence: Sequence[Evidence], engines: Engines) -> None:
    """Measure one thing on several assets in one call of its model, and hand it to each."""
    pictures = [each.image.pixels for each in evidence]
    if need is Need.LINES:
        supply_all(evidence, "lines", engines.reader().read_batch(pictures))
    elif need is Need.FACES:
        supply_all(evidence, "faces", engines.face_finder().find(pictures))
    else:
        features = engines.embedder().embed(pictures)
        supply_all(evidence, ("features", None), [features.row(i) for i in range(len(features))])


def supply_all(evidence: Sequence[Evidence], key: object, values: Iterable[object]) -> None:
    """Hand each asset its own of the values, which are in the same order."""
    for each, value in zip(evidence, values, strict=True):
        each.supply(key, value)
