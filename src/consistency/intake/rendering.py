"""A loaded picture to upright sRGB: alpha apart, every mode and depth, its profile applied."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageCms

from consistency.errors import ImageError
from consistency.intake.conversion import Samples, is_srgb, lab_profile, to_extended
from consistency.intake.lab_planes import extended_through_littlecms
from consistency.intake.profiles import Profile
from consistency.intake.sources import UNTAGGED, Decoded, Source, to_bytes
from consistency.intake.tagging import Tags, count_bits, read_tags

_PHOTOMETRIC, _EXTRA_SAMPLES = 262, 338
_NOT_RGB = ("CMYK", "LAB")
_GREY = ("1", "L", "LA", "La")
_DEEP_GREY = ("I;16", "I;16L", "I;16B", "I;16N", "F")

Said = tuple[str, ...]
Colour = tuple[NDArray[np.uint8], NDArray[np.float32] | None, Said]


def render(picture: Pillow.Image, kind: str = "", data: bytes = b"", frames: int = 1) -> Decoded:
    """Return a loaded picture as upright sRGB.

    Args:
        picture: The picture, after `load()`.
        kind: Its format, "" for pixels handed in.
        data: The file's bytes, b"" for pixels handed in.
        frames: How many frames it has.

    Raises:
        ImageError: Numbers that are no colours: NaN, or outside their range.
    """
    tags = read_tags(picture, kind, data)
    bits = count_bits(picture, kind, data)
    has_alpha = picture.has_transparency_data
    flat, alpha = split_alpha(picture, has_alpha)
    if flat.mode in _NOT_RGB:
        pixels, extended, said = _through_tables(flat, tags)
    else:
        samples, said = _samples(flat, bits, kind, data)
        pixels, extended, more = _colours(samples, picture.mode in (*_GREY, *_DEEP_GREY), tags)
        said += more
    if frames > 1:
        said += (f"only frame {picture.tell() + 1} of {frames} is read",)
    name = tags.profile.name if tags.profile else ""
    source = Source(
        kind or picture.format or "", len(data) if data else None, bits, frames, name, picture.mode, has_alpha
    )
    turn = tags.orientation
    return Decoded(
        upright(pixels, turn),
        None if extended is None else upright(extended, turn),
        None if alpha is None else upright(alpha, turn),
        source,
        (*(line for line in tags.said if line != UNTAGGED or flat.mode not in _NOT_RGB), *said),
    )


def split_alpha(picture: Pillow.Image, has_alpha: bool) -> tuple[Pillow.Image, NDArray[np.uint8] | None]:
    """Return the picture without alpha, in mode L, RGB, CMYK, LAB or a deep grey one, and its alpha.

    Raises:
        ImageError: 32-bit integers, for which no range is agreed.
    """
    if picture.mode == "I":
        raise ImageError("1, 8 or 16 bits per channel", "32-bit integers", "convert it to mode L or I;16")
    if has_alpha:
        straight = picture.convert("LA") if picture.mode == "La" else picture
        full = straight if straight.mode == "RGBA" else straight.convert("RGBA")
        flat = full.getchannel("R") if picture.mode in _GREY else full.convert("RGB")
        return flat, np.asarray(full.getchannel("A"))
    if picture.mode in ("L", "RGB", *_NOT_RGB, *_DEEP_GREY):
        return picture, None
    return picture.convert("L" if picture.mode == "1" else "RGB"), None


def upright(plane: NDArray[Any], orientation: int) -> NDArray[Any]:
    """Return an H×W… array turned as EXIF orientation 1..8 asks (CIPA DC-008, tag 274)."""
    if orientation >= 5:
        plane = plane.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        plane = plane[::-1]
    if orientation in (2, 3, 6, 7):
        plane = plane[:, ::-1]
    return np.ascontiguousarray(plane)


def _samples(flat: Pillow.Image, bits: int, kind: str, data: bytes) -> tuple[Samples, Said]:
    """Return H×W×3 uint8, or uint16 where that tells more, and what was assumed."""
    if flat.mode in _DEEP_GREY:
        return _shallow_where_equal(_three(_deep_grey(flat))), ()
    samples = _three(np.asarray(flat))
    if bits <= 8:
        return samples, ()
    deep = _sixteen_bit(flat, bits, kind, data, samples)
    if deep is None:
        return samples, (f"{bits} bits per channel read as 8",)
    return _shallow_where_equal(deep), ()


def _sixteen_bit(
    flat: Pillow.Image, bits: int, kind: str, data: bytes, eight_bit: NDArray[np.uint8]
) -> NDArray[np.uint16] | None:
    is_premultiplied = 1 in getattr(flat, "tag_v2", {}).get(_EXTRA_SAMPLES, ())
    if bits != 16 or kind not in ("PNG", "TIFF") or is_premultiplied:
        return None
    # Imported by need: OpenCV takes 0.1 s to load, and hardly any file has 16 bits.
    decoded: NDArray[np.uint16] | None = import_module("consistency.intake.sixteen_bit").decode_sixteen_bit(
        data, eight_bit
    )
    return decoded


def _deep_grey(flat: Pillow.Image) -> NDArray[np.uint16]:
    """Return a grey picture of 16 or 32 bits as uint16."""
    values = np.asarray(flat)
    if flat.mode == "F":
        if not np.isfinite(values).all() or values.min() < 0 or values.max() > 1:
            raise ImageError(
                "grey floats in [0, 1]", f"{values.min():.4g} to {values.max():.4g}", "scale them to [0, 1]"
            )
        values = np.rint(values * 65535)
    grey: NDArray[np.uint16] = values.astype(np.uint16)
    # TIFF 6.0, section 8: WhiteIsZero; Pillow inverts it at 8 bits only.
    if getattr(flat, "tag_v2", {}).get(_PHOTOMETRIC) == 0:
        np.subtract(65535, grey, out=grey)
    return grey


def _colours(samples: Samples, is_grey: bool, tags: Tags) -> Colour:
    """Apply the profile to H×W×3 samples of RGB, or of grey with alike channels."""
    profile = tags.profile
    if profile is None:
        return (*_plain(samples), ())
    if not (profile.space == "RGB" or (is_grey and profile.space == "GRAY")):
        return (*_plain(samples), _mismatch(profile, "grey" if is_grey else "RGB"))
    if profile.curves:
        if is_srgb(profile):
            return (*_plain(samples), ())
        extended = to_extended(samples, profile)
        return to_bytes(extended), extended, ()
    eight_bit, _ = _plain(samples)
    flat = Pillow.fromarray(eight_bit[..., 0] if profile.space == "GRAY" else eight_bit)
    return _littlecms(flat, profile.name, tags.icc)


def _through_tables(flat: Pillow.Image, tags: Tags) -> Colour:
    """Convert CMYK or Lab, which need LittleCMS."""
    if flat.mode == "LAB":
        return _littlecms(flat, "CIE Lab", lab_profile())
    if tags.profile is not None and tags.profile.space == "CMYK":
        return _littlecms(flat, tags.profile.name, tags.icc)
    why = "without a profile" if tags.profile is None else f"with a profile for {tags.profile.space}"
    naive = np.asarray(flat.convert("RGB"))
    return naive, None, (f"CMYK {why}: converted without ink colours, so they are approximate",)


def _littlecms(flat: Pillow.Image, name: str, icc: bytes) -> Colour:
    try:
        extended = extended_through_littlecms(flat, icc)
    except (ImageCms.PyCMSError, OSError, ValueError):
        naive = np.asarray(flat.convert("RGB"))
        return naive, None, (f"the colour profile {name!r} cannot be applied: read without it",)
    return to_bytes(extended), extended, (f"{name!r} converted by LittleCMS, relative colorimetric",)


def _plain(samples: Samples) -> tuple[NDArray[np.uint8], NDArray[np.float32] | None]:
    """Return samples that are sRGB already as pixels and, where they are deeper, extended."""
    if samples.dtype == np.uint8:
        return samples.astype(np.uint8, copy=False), None
    extended = samples.astype(np.float32) / np.float32(65535)
    return to_bytes(extended), extended


def _shallow_where_equal(samples: NDArray[np.uint16]) -> Samples:
    """Return uint8 where 16 bits only repeat 8."""
    high = (samples >> 8).astype(np.uint8)
    return high if np.array_equal(samples, high.astype(np.uint16) * 257) else samples


def _three(samples: NDArray[Any]) -> NDArray[Any]:
    return np.repeat(samples[..., None], 3, axis=2) if samples.ndim == 2 else samples


def _mismatch(profile: Profile, mode: str) -> Said:
    return (f"the colour profile {profile.name!r} is for {profile.space}, the picture is {mode}: read as sRGB",)
