"""A brand's colours, and which of them is nearest to each pixel."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, get_args, overload

import numpy as np
from numpy.typing import NDArray

from consistency.errors import InputError, unknown_name
from consistency.image import Image
from consistency.runtime.cache import default_cache
from consistency.runtime.tables import load_entry
from qa.color.difference import Float64, library_of
from qa.color.notation import ColorLike, parse_color
from qa.color.palette_floats import map_colors, map_floats
from qa.color.palette_table import ColorTable, Map, keep_table, shared_table
from qa.color.threads import thread_count

if TYPE_CHECKING:
    from torch import Tensor

Rgb = tuple[int, int, int]
Pixels = NDArray[np.uint8]
Mode = Literal["auto", "exact", "table"]

LARGEST_PALETTE = 32
"""What the five bits of a table's index can say."""

TENSORS = {"torch": "qa.color.palette_torch:map_tensor"}
"""Array libraries beside NumPy: package → function."""


class Palette:
    """Named colours, prepared for comparing pictures with them.

    Args:
        colors: Name → colour as `parse_color` reads it: "#0055aa", (0, 85, 170), a `Color`; 1 to 32, no two equal.

    Raises:
        InputError: No colour, too many, two equal ones, or one that cannot be read.

    Example:
        >>> index, delta_e = Palette({"blue": "#0055aa", "red": (200, 16, 46)}).nearest(
        ...     np.array([[[0, 85, 170], [200, 16, 46]]], np.uint8)
        ... )
        >>> index.tolist(), delta_e.round(2).tolist()
        ([[0, 1]], [[0.0, 0.0]])
    """

    def __init__(self, colors: Mapping[str, ColorLike]) -> None:
        if not isinstance(colors, Mapping):
            raise InputError("colours by name, as {name: colour}", type(colors).__name__)
        if not 1 <= len(colors) <= LARGEST_PALETTE:
            raise InputError(f"1 to {LARGEST_PALETTE} colours", len(colors))
        self.names = tuple(colors)
        self.colors = tuple(parse_color(value) for value in colors.values())
        seen: dict[tuple[float, ...], str] = {}
        for name, color in zip(self.names, self.colors, strict=True):
            other = seen.setdefault(tuple(round(part, 6) for part in color.lab), name)
            if other != name:
                raise InputError("colours that differ from each other", f"{other!r} and {name!r}, both {color}")

    @cached_property
    def lab(self) -> Float64:
        """L*a*b* (D65) of the colours, k×3."""
        return np.array([color.lab for color in self.colors], np.float64)

    @cached_property
    def key(self) -> str:
        """Sha256 of the colours in their order, whatever their names and notation."""
        return hashlib.sha256(self.lab.astype("<f8").tobytes()).hexdigest()

    @overload
    def nearest(self, image: Tensor, *, mode: Mode = ..., threads: int | None = ...) -> tuple[Tensor, Tensor]: ...
    @overload
    def nearest(self, image: Image | NDArray[Any], *, mode: Mode = ..., threads: int | None = ...) -> Map: ...

    def nearest(self, image: Any, *, mode: Mode = "auto", threads: int | None = None) -> Any:
        """Return for each pixel the index of the nearest colour and its ΔE00.

        Pictures of 8 bits are looked up in a table of all their colours; `auto` fills it as pictures bring new
        colours, `prepare` and `table` at once. It holds ΔE00 to 4 parts in a million and the very index of `exact`,
        which computes every distinct colour against the whole palette. Deeper pictures are always computed exactly.

        Args:
            image: An `Image` (its `extended` where it has that); H×W×3 uint8; H×W×3 floats in [0, 1]; or a torch
                tensor …×3 uint8 on any device, where the table then stays.
            mode: "auto", "table" or "exact".
            threads: How many to use; None takes one per core that the process may use.

        Returns:
            Index H×W uint8 and ΔE00 H×W float32; tensors on the picture's device for a tensor.

        Raises:
            InputError: Not such a picture; floats out of [0, 1] or NaN; mode "table" for floats.
        """
        if mode not in get_args(Mode):
            raise unknown_name("mode", str(mode), get_args(Mode))
        if library := library_of(image):
            return load_entry(TENSORS, library, "array library")(self, image, mode, threads)
        if isinstance(image, Image):
            source: NDArray[Any] = image.pixels if image.extended is None else image.extended
        else:
            source = checked(image)
        if source.dtype == np.uint8:
            return self._nearest_of_bytes(source, mode, thread_count(threads))
        if mode == "table":
            raise InputError('a picture of 8 bits for mode "table"', source.dtype, 'use mode "auto" or "exact"')
        return map_floats(source, self.lab, thread_count(threads))

    def _nearest_of_bytes(self, pixels: Pixels, mode: Mode, threads: int) -> Map:
        if mode == "exact":
            return map_colors(pixels, self.lab, threads)
        table = self.prepare(threads=threads) if mode == "table" else self._table()
        index, delta = table.look_up(np.ascontiguousarray(pixels).reshape(-1, 3), threads)
        return index.reshape(pixels.shape[:-1]), delta.reshape(pixels.shape[:-1])

    def prepare(self, *, threads: int | None = None) -> ColorTable:
        """Compute all 2^24 colours now, or load them from the cache, and keep them there: 64 MB a palette.

        For the gate's own work there is no need: it reads the regions it finds. Worth its second for many pictures,
        and for each process after the first.

        Args:
            threads: How many to use; None takes one per core that the process may use.
        """
        table = self._table()
        if not table.is_complete:
            table.complete(thread_count(threads))
            keep_table(table, self.key, default_cache())
        return table

    def _table(self) -> ColorTable:
        return shared_table(self.lab.tobytes(), self.key)


def checked(image: object) -> NDArray[Any]:
    """Return a picture given as an array, refusing what is none."""
    if not isinstance(image, np.ndarray):
        raise InputError("an Image, an array H×W×3 or a tensor", type(image).__name__, "use load_image()")
    if image.ndim != 3 or image.shape[2] != 3 or not (image.dtype == np.uint8 or image.dtype.kind == "f"):
        raise InputError("an H×W×3 picture, uint8 or floats in [0, 1]", f"{image.shape} {image.dtype}")
    if image.dtype.kind == "f" and image.size:
        low, high = float(image.min()), float(image.max())
        # NaN fails every comparison, so it is refused here too.
        if not (low >= 0 and high <= 1):
            raise InputError("floats in [0, 1] without NaN", f"{low:.4g} to {high:.4g}", "divide by 255, or clip them")
    return image
