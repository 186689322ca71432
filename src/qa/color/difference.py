"""CIEDE2000, the colour difference that brand limits are stated in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from consistency.errors import InputError
from consistency.runtime.tables import load_entry
from qa.color.ciede2000 import difference

if TYPE_CHECKING:
    from torch import Tensor

Float64 = NDArray[np.float64]

TENSORS = {"torch": "qa.color.difference_torch:tensor_difference"}
"""Array libraries beside NumPy: package → function."""

BLOCK = 1 << 13
"""Pairs computed at a time: a plane of them is 64 KiB, and the dozen in use stay in a core's own cache."""


@overload
def delta_e00(lab_a: Tensor, lab_b: Tensor | ArrayLike) -> Tensor: ...
@overload
def delta_e00(lab_a: ArrayLike, lab_b: Tensor) -> Tensor: ...
@overload
def delta_e00(lab_a: ArrayLike, lab_b: ArrayLike) -> Float64: ...


def delta_e00(lab_a: Any, lab_b: Any) -> Any:
    """Return the CIEDE2000 difference of L*a*b* colours, exact in float64 (kL = kC = kH = 1).

    Defined for flat samples and small differences (under about 5); larger values only order colours. Where two hues
    are opposite, the value turns on the last digits of a* and b*, so everything is float64 whatever comes in. For
    whole pictures against a palette `Palette.nearest` is hundreds of times as fast.

    Args:
        lab_a: …×3 L*a*b* (D65) values; leading shapes broadcast. Arrays, or torch tensors on any device.
        lab_b: …×3, likewise.

    Returns:
        Differences ≥ 0 of the broadcast leading shape, float64; a tensor on their device where one came in.

    Raises:
        InputError: The last axis is not 3, the shapes do not broadcast, the tensors lie on different devices, or a
            value is not a finite number.

    Example:
        >>> float(delta_e00([50, 2.6772, -79.7751], [50, 0, -82.7485]).round(4))
        2.0425

    Reference:
        Sharma, Wu & Dalal 2005, "The CIEDE2000 color-difference formula", doi:10.1002/col.20070.
    """
    library = library_of(lab_a) or library_of(lab_b)
    if library is not None:
        return load_entry(TENSORS, library, "array library")(lab_a, lab_b)
    first, second = lab_array(lab_a), lab_array(lab_b)
    check_shapes(first.shape, second.shape)
    result = np.empty(np.broadcast_shapes(first.shape, second.shape)[:-1], np.float64)
    write_blocks([first[..., i] for i in range(3)] + [second[..., i] for i in range(3)], result)
    return result


def write_blocks(planes: list[NDArray[Any]], result: Float64) -> None:
    """Write the difference of six planes that broadcast, three of either colour, block by block."""
    read: list[Literal["readonly", "writeonly"]] = ["readonly"]
    blocks = np.nditer(
        [*planes, result],
        flags=["external_loop", "buffered", "zerosize_ok"],
        op_flags=[read, read, read, read, read, read, ["writeonly"]],
        op_dtypes=[np.float64] * 7,
        order="C",
        casting="same_kind",
        buffersize=BLOCK,
    )
    with blocks:
        for l_a, a_a, b_a, l_b, a_b, b_b, block in blocks:
            block[...] = difference((l_a, a_a, b_a), (l_b, a_b, b_b), np)


def library_of(value: object) -> str | None:
    """Return the package of `TENSORS` that a value's type is from, None for all else; nothing is imported."""
    package = type(value).__module__.partition(".")[0]
    return package if package in TENSORS else None


def lab_array(lab: ArrayLike) -> NDArray[Any]:
    """Return numbers as an array, refusing those that are not finite."""
    try:
        values = np.asarray(lab)
        is_finite = bool(np.isfinite(values).all())
    except (TypeError, ValueError) as error:
        raise InputError("an array of L*a*b* numbers", type(lab).__name__) from error
    if values.dtype.kind not in "fiu":
        raise InputError("an array of L*a*b* numbers", values.dtype)
    if not is_finite:
        raise InputError("finite L*a*b* values", "NaN or infinity", "leave those pixels out")
    return values


def check_shapes(first: tuple[int, ...], second: tuple[int, ...]) -> None:
    """Refuse shapes whose last axis is not L*a*b* or that do not broadcast."""
    for shape in (first, second):
        if len(shape) < 1 or shape[-1] != 3:
            raise InputError("L*a*b* values with a last axis of 3", tuple(shape))
    try:
        np.broadcast_shapes(first, second)
    except ValueError as error:
        raise InputError("two shapes that broadcast", f"{tuple(first)} and {tuple(second)}") from error
