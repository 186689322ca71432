"""A picture's own samples, upright, so that what a repair does not touch stays as it is in the file."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

from consistency.colorspace import Floats
from consistency.image import Image
from consistency.intake.conversion import is_srgb
from consistency.intake.decoding import READERS, quiet_pillow, sniff
from consistency.intake.profiles import Profile
from consistency.intake.rendering import split_alpha, upright
from consistency.intake.tagging import Tags, count_bits, read_tags
from consistency.region import Box
from qa.fixes.refusal import CannotFix
from qa.fixes.space import Samples, Space

PLAIN, GREY, INDEXED = ("RGB", "RGBA"), ("1", "L", "LA"), ("P", "PA")


@dataclass(frozen=True, eq=False)
class Origin:
    """The file a canvas came from.

    Attributes:
        kind: Its format, "" for pixels handed in.
        data: Its bytes, b"" for pixels handed in.
        orientation: EXIF orientation 1..8 that its samples are still to be turned by.
        is_own: Whether the canvas holds its own samples; else they were converted to sRGB.
    """

    kind: str = ""
    data: bytes = field(default=b"", repr=False)
    orientation: int = 1
    is_own: bool = True


@dataclass(frozen=True, eq=False)
class Canvas:
    """A picture to repair.

    Attributes:
        samples: H×W×3 uint8 or uint16 in the file's own space, upright.
        alpha: H×W of the same type, or None.
        space: What the samples stand for.
        origin: The file.
        background: sRGB colour in [0, 1] that what is transparent is judged on.
        notes: What could not be kept, in sentences.
        files: The kit's files, name → bytes: fonts.
    """

    samples: Samples
    alpha: Samples | None
    space: Space
    origin: Origin
    background: tuple[float, float, float] = (1.0, 1.0, 1.0)
    notes: tuple[str, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def height(self) -> int:
        """Rows."""
        return int(self.samples.shape[0])

    @property
    def width(self) -> int:
        """Columns."""
        return int(self.samples.shape[1])

    def linear(self, box: Box) -> Floats:
        """Return linear sRGB of the part inside `box`, h×w×3."""
        return self.space.linear(self.samples[box.slices])

    def painted(self, box: Box, linear: Floats, where: NDArray[np.bool_]) -> Canvas:
        """Return the canvas with new colours where h×w `where` is true inside `box`; all else is the same samples."""
        samples = self.samples.copy()
        part = samples[box.slices]
        part[where] = self.space.samples(linear[where])
        return replace(self, samples=samples)

    def cropped(self, box: Box) -> Canvas:
        """Return the part inside `box`."""
        alpha = None if self.alpha is None else np.ascontiguousarray(self.alpha[box.slices])
        return replace(self, samples=np.ascontiguousarray(self.samples[box.slices]), alpha=alpha)


def open_canvas(image: Image, data: bytes) -> Canvas:
    """Return the canvas of a picture.

    Args:
        image: The picture as it was judged.
        data: The bytes of its file; b"" for pixels handed in, which are taken as sRGB.

    Raises:
        CannotFix: An animation, samples that no writer here takes back, colours that sRGB pixels cannot hold.
    """
    if image.source.frames > 1:
        raise CannotFix("a picture of one frame", f"{image.source.frames}", "repair the frames one by one")
    if not data:
        if image.clipped_fraction:
            raise CannotFix("a file, or pixels that sRGB can show", "colours beyond sRGB", "hand in the file itself")
        return of_pixels(image, Origin())
    kind = sniff(data)
    with quiet_pillow():
        picture = READERS[kind](io.BytesIO(data))
        with picture:
            picture.load()
            tags = read_tags(picture, kind, data)
            own = own_samples(picture, kind, data, tags)
    if own is None:
        note = f"its samples ({image.source.mode}, {image.source.profile or 'no profile'}) come out as sRGB"
        return replace(of_pixels(image, Origin(kind, data, 1, is_own=False)), notes=(note,))
    samples, alpha, notes = own
    turn = tags.orientation
    profile = None if tags.profile is None or is_srgb(tags.profile) else tags.profile
    return Canvas(
        upright(samples, turn),
        None if alpha is None else upright(alpha, turn),
        Space(profile, int(np.iinfo(samples.dtype).max)),
        Origin(kind, data, turn),
        notes=notes,
    )


def of_pixels(image: Image, origin: Origin) -> Canvas:
    """Return a canvas of a picture's sRGB pixels: 16 bits where it is deeper than 8, cut to what sRGB shows."""
    if image.extended is None or not origin.is_own:
        return Canvas(image.pixels, image.alpha, Space(None, 255), origin)
    deep = np.rint(np.clip(image.extended, 0, 1) * 65535).astype(np.uint16)
    alpha = None if image.alpha is None else image.alpha.astype(np.uint16) * 257
    return Canvas(deep, alpha, Space(None, 65535), origin)


def own_samples(
    picture: Pillow.Image, kind: str, data: bytes, tags: Tags
) -> tuple[Samples, Samples | None, tuple[str, ...]] | None:
    """Return a file's own RGB samples, alpha and notes; None where only a conversion to sRGB gives RGB."""
    is_written = kind != "AVIF" or tags.profile is None or bool(tags.icc) or is_srgb(tags.profile)
    if not has_own_rgb(picture, tags.profile) or not is_written:
        return None
    if count_bits(picture, kind, data) > 8:
        return deep_samples(kind, data)
    flat, alpha = split_alpha(picture, picture.has_transparency_data)
    samples = np.asarray(flat.convert("RGB"))
    notes = () if picture.mode in PLAIN else (f"written as RGB, not as {picture.mode}",)
    return samples, alpha, notes


def has_own_rgb(picture: Pillow.Image, profile: Profile | None) -> bool:
    """Whether samples are RGB of a space of matrix and curves, or sRGB grey."""
    if picture.mode in GREY:
        return profile is None or (profile.space == "RGB" and profile.matrix is not None)
    known = profile is None or (profile.space == "RGB" and profile.matrix is not None)
    return picture.mode in (*PLAIN, *INDEXED) and known


def deep_samples(kind: str, data: bytes) -> tuple[Samples, Samples | None, tuple[str, ...]]:
    """Return the samples of a PNG with 16 bits per channel.

    Raises:
        CannotFix: Another format, whose samples cannot be written back, or one that cannot be read whole.
    """
    # Imported by need: OpenCV takes 0.1 s to load, and hardly any file has 16 bits.
    read: Any = import_module("qa.fixes.deep").read_deep(data) if kind == "PNG" else None
    if read is None:
        raise CannotFix("8 bits per channel, or a PNG of 16", f"a deeper {kind}", "save it as PNG")
    return (*read, ())
