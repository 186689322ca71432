"""Arrays and tensors as pictures: checked for layout, type and range, with the one-line conversion when wrong."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consistency.errors import ImageError, InputError
from consistency.intake.sources import UNTAGGED, Decoded, Source, check_size, to_bytes

_ROUNDING = 1e-5
"""How far floats may leave [0, 1] by rounding alone; float32 resampling stays below."""


def as_array(source: Any) -> NDArray[Any]:
    """Return an array itself, or the array of a torch tensor (known by its methods; torch is not imported).

    Raises:
        InputError: Neither.
    """
    if isinstance(source, np.ma.MaskedArray) and np.ma.is_masked(source):
        raise ImageError("an array without masked values", "a masked array", "pass x.filled(0)")
    if isinstance(source, np.ndarray):
        return np.asarray(source)
    if not (hasattr(source, "detach") and hasattr(source, "cpu")):
        raise InputError("a path, bytes, PIL image, array or tensor", type(source).__name__)
    try:
        tensor = source.detach().cpu()
        # NumPy has no bfloat16; every bfloat16 is a float32.
        return np.asarray((tensor.float() if "bfloat16" in str(tensor.dtype) else tensor).numpy())
    except (TypeError, NotImplementedError) as error:  # sparse, quantised, without data
        raise ImageError("a dense tensor with its values", error, "pass x.to_dense()") from error


def array_key(array: NDArray[Any]) -> str:
    """Return the sha256 of dtype, shape and C-order bytes."""
    digest = hashlib.sha256(f"{array.dtype.str} {array.shape} ".encode())
    if array.dtype.kind in "biuf" and array.size:
        digest.update(np.ascontiguousarray(array).data)
    elif not array.dtype.hasobject:
        digest.update(array.tobytes())
    return digest.hexdigest()


def decode_array(array: NDArray[Any], max_pixels: int, *, is_tensor: bool = False) -> Decoded:
    """Check an array and return it as a picture.

    Args:
        array: H×W, H×W×3 or H×W×4, uint8 or float in [0, 1].
        max_pixels: The most pixels allowed.
        is_tensor: Whether the hints should speak to torch.

    Raises:
        ImageError: Wrong layout, type or range, NaN, no pixels or too many; the hint says how to convert.
    """
    _check_layout(array, is_tensor)
    check_size(array.shape[1], array.shape[0], max_pixels)
    if array.dtype != np.uint8 and array.dtype.kind != "f":
        raise ImageError("an array of uint8, or of floats in [0, 1]", array.dtype, _type_hint(array))
    alpha = array[..., 3] if array.ndim == 3 and array.shape[2] == 4 else None
    colour = np.repeat(array[..., None], 3, axis=2) if array.ndim == 2 else array[..., :3]
    mode = {2: "L", 3: "RGB"}[array.ndim] if alpha is None else "RGBA"
    source = Source("", None, 8 * array.itemsize, 1, "", mode, alpha is not None)
    if array.dtype == np.uint8:
        return Decoded(colour.copy(), None, None if alpha is None else alpha.copy(), source, (UNTAGGED,))
    _check_range(array)
    extended = np.clip(colour, 0, 1).astype(np.float32)
    pixels = to_bytes(extended)
    is_deeper = not np.array_equal(extended, pixels / np.float32(255))
    opacity = None if alpha is None else to_bytes(np.clip(alpha, 0, 1).astype(np.float32))
    return Decoded(pixels, extended if is_deeper else None, opacity, source, (UNTAGGED,))


def _check_layout(array: NDArray[Any], is_tensor: bool) -> None:
    shape = array.shape
    if len(shape) == 2 or (len(shape) == 3 and shape[2] in (3, 4)):
        return
    moved = ".permute(1, 2, 0)" if is_tensor else ".transpose(1, 2, 0)"
    picture = ""
    if len(shape) == 4:
        picture = f"x[0]{'' if shape[3] in (3, 4) else moved}"
    elif len(shape) == 3 and shape[0] in (1, 3, 4):
        picture = "x[0]" if shape[0] == 1 else f"x{moved}"
    elif len(shape) == 3 and shape[2] == 1:
        picture = "x[..., 0]"
    is_signed = array.dtype.kind == "f" and bool((array < -_ROUNDING).any())
    hint = f"pass {f'({picture} + 1) / 2' if is_signed else picture}" if picture else ""
    raise ImageError("one picture as an array H×W×3 (or H×W, H×W×4)", shape, hint)


def _check_range(array: NDArray[Any]) -> None:
    low, high = float(array.min()), float(array.max())
    if not np.isfinite([low, high]).all():
        raise ImageError("finite floats in [0, 1]", "NaN or infinity")
    if low < -_ROUNDING or high > 1 + _ROUNDING:
        hint = "pass (x + 1) / 2" if low < 0 and high <= 1 + _ROUNDING and low >= -1 - _ROUNDING else ""
        if low >= -_ROUNDING and high <= 255:
            hint = "pass x.astype('uint8')" if high > 2 else "pass x.clip(0, 1)"
        raise ImageError("floats in [0, 1]", f"{low:.4g} to {high:.4g}", hint)


def _type_hint(array: NDArray[Any]) -> str:
    if array.dtype.kind in "iu" and array.size and array.min() >= 0:
        top = int(array.max())
        return "pass x.astype('uint8')" if top <= 255 else ("pass x / 65535" if top <= 65535 else "")
    return "pass x * 1.0" if array.dtype == np.bool_ else ""
