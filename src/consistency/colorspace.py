"""Colour spaces: sRGB, linear light, XYZ, CIE L*a*b*, Oklab. Arrays in and out; D65 throughout.

Channels are the last axis. sRGB is non-linear in [0, 1]; values outside are *extended* sRGB, for which the transfer
curve is mirrored through zero. `to_lab` is the quick way for whole pictures; the others compute in float64 and take
any shape `(..., 3)`. Colour *difference* lives elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from consistency.errors import InputError

if TYPE_CHECKING:
    from consistency.image import Image

Floats = NDArray[np.float64]
Plane = NDArray[np.float32]

SRGB_TO_XYZ: Floats = np.array(
    [[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]]
)
"""Linear sRGB to XYZ: ITU-R BT.709 primaries and D65, as in Poynton's Color FAQ, scikit-image and OpenCV."""

XYZ_TO_SRGB: Floats = np.linalg.inv(SRGB_TO_XYZ).astype(np.float64)
WHITE: Floats = SRGB_TO_XYZ.sum(axis=1)
"""XYZ of D65, Y = 1: the sum of the matrix's rows, so that greys have a* = b* = 0 exactly."""

EPSILON, SLOPE = (6 / 29) ** 3, (29 / 6) ** 2 / 3
"""CIE 15: where f(t) turns from cube root to line, and the line's slope."""

# Ottosson 2020, "A perceptual color space for image processing": linear sRGB to cone response, and that to Oklab.
_SRGB_TO_LMS: Floats = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_LMS_TO_OKLAB: Floats = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_LMS_TO_SRGB: Floats = np.linalg.inv(_SRGB_TO_LMS).astype(np.float64)
_OKLAB_TO_LMS: Floats = np.linalg.inv(_LMS_TO_OKLAB).astype(np.float64)

# Lam 1985, "Metamerism and Colour Constancy": the linear Bradford cone response; ICC.1:2022, annex E.
_BRADFORD: Floats = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])

_BLOCK = 1 << 15
"""Pixels converted at a time: their floats stay in the cache."""


def srgb_to_linear(srgb: ArrayLike) -> Floats:
    """Return linear light of sRGB values (IEC 61966-2-1), mirrored for negative ones."""
    value = np.asarray(srgb, np.float64)
    size = np.abs(value)
    return np.copysign(np.where(size <= 0.04045, size / 12.92, ((size + 0.055) / 1.055) ** 2.4), value)


def linear_to_srgb(linear: ArrayLike) -> Floats:
    """Return sRGB values of linear light (IEC 61966-2-1), mirrored for negative ones."""
    value = np.asarray(linear, np.float64)
    size = np.abs(value)
    return np.copysign(np.where(size <= 0.0031308, size * 12.92, 1.055 * size ** (1 / 2.4) - 0.055), value)


def linear_to_xyz(linear: ArrayLike) -> Floats:
    """Return XYZ (D65, white at Y = 1) of linear sRGB."""
    return _transform(linear, SRGB_TO_XYZ)


def xyz_to_linear(xyz: ArrayLike) -> Floats:
    """Return linear sRGB of XYZ (D65, white at Y = 1)."""
    return _transform(xyz, XYZ_TO_SRGB)


def xyz_to_lab(xyz: ArrayLike) -> Floats:
    """Return CIE L*a*b* of XYZ, both for D65 (CIE 15:2018, equations 8.3 to 8.8)."""
    x, y, z = np.moveaxis(_cube_root_or_line(_triples(xyz) / WHITE), -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def lab_to_xyz(lab: ArrayLike) -> Floats:
    """Return XYZ (D65, white at Y = 1) of CIE L*a*b*."""
    lightness, a, b = np.moveaxis(_triples(lab), -1, 0)
    y = (lightness + 16) / 116
    f = np.stack([y + a / 500, y, y - b / 200], axis=-1)
    return np.where(f > 6 / 29, f**3, (f - 4 / 29) / SLOPE) * WHITE


def lab_to_srgb(lab: ArrayLike) -> Floats:
    """Return sRGB of CIE L*a*b*; outside [0, 1] where sRGB cannot show the colour."""
    return linear_to_srgb(xyz_to_linear(lab_to_xyz(lab)))


def srgb_to_oklab(srgb: ArrayLike) -> Floats:
    """Return Oklab of sRGB values (L in [0, 1])."""
    return _transform(np.cbrt(_transform(srgb_to_linear(srgb), _SRGB_TO_LMS)), _LMS_TO_OKLAB)


def oklab_to_srgb(oklab: ArrayLike) -> Floats:
    """Return sRGB of Oklab; outside [0, 1] where sRGB cannot show the colour."""
    roots = _transform(oklab, _OKLAB_TO_LMS)
    return linear_to_srgb(_transform(roots**3, _LMS_TO_SRGB))


def adaptation(source: Floats, target: Floats) -> Floats:
    """Return the 3×3 Bradford matrix from XYZ under one white to XYZ under another."""
    gains = (_BRADFORD @ target) / (_BRADFORD @ source)
    adapted: Floats = np.linalg.inv(_BRADFORD) @ np.diag(gains) @ _BRADFORD
    return adapted


def to_lab(image: Image | NDArray[Any]) -> NDArray[np.float32]:
    """Return CIE L*a*b* (D65) of a picture, within 0.01 of float64.

    Args:
        image: An `Image`, read from `extended` where it has that; or an array `(..., 3)` of sRGB, uint8 or float.

    Returns:
        float32 of the same shape: L* in 0..100, a*, b*.

    Raises:
        InputError: The last axis is not 3 long, or the type is neither uint8 nor float.

    Example:
        >>> np.rint(to_lab(np.array([[255, 0, 0]], np.uint8))).tolist()
        [[53.0, 80.0, 67.0]]
    """
    srgb: NDArray[Any] = image if isinstance(image, np.ndarray) else _deepest(image)
    if srgb.dtype != np.uint8 and srgb.dtype.kind != "f":
        raise InputError("sRGB as uint8, or as floats in [0, 1]", srgb.dtype)
    if srgb.ndim == 0 or srgb.shape[-1] != 3:
        raise InputError("an array (..., 3)", srgb.shape)
    lab = np.empty(srgb.shape, np.float32)
    values, results = srgb.reshape(-1, 3), lab.reshape(-1, 3)
    for start in range(0, len(values), _BLOCK):
        part = slice(start, start + _BLOCK)
        _lab_block(values[part], results[part])
    return lab


def srgb_planes_to_linear(srgb: NDArray[Any]) -> list[Plane]:
    """Return the linear light of n×3 sRGB values as three float32 planes."""
    if srgb.dtype == np.uint8:
        return [np.take(_LINEAR, srgb[:, channel]) for channel in range(3)]
    return [_plane_to_linear(srgb[:, channel].astype(np.float32)) for channel in range(3)]


def plane_to_srgb(linear: Plane) -> Plane:
    """Return extended sRGB of a float32 plane of linear light: `linear_to_srgb` for whole pictures."""
    size = np.abs(linear)
    curve = np.float32(1.055) * np.power(size, np.float32(1 / 2.4)) - np.float32(0.055)
    return np.copysign(np.where(size <= 0.0031308, size * np.float32(12.92), curve), linear)


def mix_planes(planes: Sequence[Plane], matrix: Floats) -> list[Plane]:
    """Return three float32 planes multiplied by a 3×3 matrix.

    Element by element on purpose: a BLAS product may round by the number of threads and the place of a pixel.
    """
    first, second, third = planes
    rows = matrix.astype(np.float32)
    return [row[0] * first + row[1] * second + row[2] * third for row in rows]


def _deepest(image: Image) -> NDArray[Any]:
    return image.pixels if image.extended is None else image.extended


def _lab_block(srgb: NDArray[Any], lab: NDArray[np.float32]) -> None:
    """Write the Lab of n×3 sRGB values into `lab`, in float32."""
    x, y, z = (_plane_root(t) for t in mix_planes(srgb_planes_to_linear(srgb), _SRGB_TO_RELATIVE_XYZ))
    lab[:, 0] = np.float32(116) * y - np.float32(16)
    lab[:, 1] = np.float32(500) * (x - y)
    lab[:, 2] = np.float32(200) * (y - z)


def _plane_root(t: Plane) -> Plane:
    root = np.cbrt(np.maximum(t, np.float32(EPSILON)))
    root += np.float32(SLOPE) * (np.minimum(t, np.float32(EPSILON)) - np.float32(EPSILON))
    return root


def _plane_to_linear(srgb: Plane) -> Plane:
    size = np.abs(srgb)
    curve = np.power((size + np.float32(0.055)) / np.float32(1.055), np.float32(2.4))
    return np.copysign(np.where(size <= 0.04045, size / np.float32(12.92), curve), srgb)


def _cube_root_or_line(t: Floats) -> Floats:
    # Both branches in one expression: above EPSILON the minimum is EPSILON and the line adds nothing.
    return np.cbrt(np.maximum(t, EPSILON)) + SLOPE * (np.minimum(t, EPSILON) - EPSILON)


def _triples(values: ArrayLike) -> Floats:
    array = np.asarray(values, np.float64)
    if array.ndim == 0 or array.shape[-1] != 3:
        raise InputError("an array (..., 3)", array.shape)
    return array


def _transform(values: ArrayLike, matrix: Floats) -> Floats:
    return _triples(values) @ matrix.T


_LINEAR = srgb_to_linear(np.arange(256) / 255).astype(np.float32)
_SRGB_TO_RELATIVE_XYZ = SRGB_TO_XYZ / WHITE[:, None]
