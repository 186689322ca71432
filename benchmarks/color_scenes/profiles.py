"""Pictures tagged Display-P3, Adobe RGB (1998) and CMYK: is each colour judged as the profile says it looks?

The true colour of a patch is computed from the numbers in the file and the definition of the space, by other code than
the library's: colour-science for the two RGB spaces, the function a table was sampled from for CMYK. Profiles are made
here from figures: matrix and curves for RGB, a 17⁴ table to L*a*b* for CMYK. Judged right means: through `load_image`
and the check, the L*a*b* that the finding states lies within ΔE00 0.5 of the truth.
"""

from __future__ import annotations

import io
import struct
from functools import cache
from typing import Any

import colour
import numpy as np
from PIL import Image
from rates import rate

from color_scenes.pictures import Floats, judge
from qa.color.difference import delta_e00
from qa.color.notation import parse_color

SPACES = ("Display P3", "Adobe RGB (1998)")
D50 = np.array([0.9642, 1.0, 0.8249])
D65 = colour.xy_to_XYZ(colour.CCS_ILLUMINANTS["CIE 1931 2 Degree Standard Observer"]["D65"])
NODES = 17
BLACK = 4 / 29
"""The cube root of CIE 15 at no light at all."""

LIMIT = 0.5


def measure(quick: bool, seed: int = 0) -> dict[str, object]:
    count = 10 if quick else 150
    result: dict[str, object] = {}
    for number, space in enumerate((*SPACES, "CMYK")):
        rng = np.random.default_rng([seed, number])
        errors = [error_of(rng, space) for _ in range(count)]
        result[space] = {
            "within_0.5": rate(sum(error <= LIMIT for error in errors), count),
            "largest_delta_e00": round(max(errors), 3),
            "mean_delta_e00": round(float(np.mean(errors)), 3),
        }
    return result


def error_of(rng: np.random.Generator, space: str) -> float:
    """ΔE00 between what the check states of a patch of a random colour of the space, and the truth."""
    numbers = rng.integers(0, 256, 4 if space == "CMYK" else 3)
    file = file_of(rng, numbers, space)
    with Image.open(io.BytesIO(file)) as picture:
        stored = np.array(picture.getpixel((200, 150))) / 255  # a JPEG rounds
    lab = cmyk_to_lab(stored) if space == "CMYK" else rgb_to_lab(stored, space)
    finding = judge(file, parse_color("color(--lab-d65 {} {} {})".format(*lab)).canonical)
    stated = finding.evidence
    if "lightness" not in stated:
        return float("inf")
    return float(delta_e00(np.array([stated["lightness"], stated["a"], stated["b"]], np.float64), lab))


def file_of(rng: np.random.Generator, numbers: Any, space: str) -> bytes:
    """A patch on a ground of the same space's white, as TIFF, PNG or JPEG of the best quality."""
    paper = 0 if space == "CMYK" else 255
    pixels = np.full((300, 400, len(numbers)), paper, np.uint8)
    pixels[60:240, 80:320] = numbers
    forms = ("TIFF", "JPEG") if space == "CMYK" else ("TIFF", "PNG", "JPEG")
    form = forms[rng.integers(len(forms))]
    picture = Image.frombytes("CMYK", (400, 300), pixels.tobytes()) if space == "CMYK" else Image.fromarray(pixels)
    options: dict[str, Any] = {"quality": 100, "subsampling": 0} if form == "JPEG" else {}
    stream = io.BytesIO()
    picture.save(stream, form, icc_profile=cmyk_profile() if space == "CMYK" else rgb_profile(space), **options)
    return stream.getvalue()


def rgb_to_lab(values: Floats, space: str) -> Floats:
    """L*a*b* (D65) of a space whose white is D65, by colour-science."""
    xyz = colour.RGB_to_XYZ(values, colour.RGB_COLOURSPACES[space], apply_cctf_decoding=True)
    white = colour.RGB_to_XYZ(np.ones(3), colour.RGB_COLOURSPACES[space])
    return np.asarray(colour.XYZ_to_Lab(xyz, colour.XYZ_to_xy(white)), np.float64)


def cmyk_to_lab(inks: Floats) -> Floats:
    """L*a*b* (D65) of inks in the made-up press whose table the profile holds."""
    xyz = colour.Lab_to_XYZ(press(inks), colour.XYZ_to_xy(D50))
    adapted = colour.chromatic_adaptation(xyz, D50, D65, method="Von Kries", transform="Bradford")
    return np.asarray(colour.XYZ_to_Lab(adapted, colour.XYZ_to_xy(D65)), np.float64)


def press(inks: Floats) -> Floats:
    """L*a*b* (D50) of …×4 inks in [0, 1]: smooth, white paper, all four black; overprints multiply.

    In the cube roots of CIE 15, of which L*a*b* is a linear function, so that the table's steps cost little.
    """
    solids = np.array([[0.54, 0.62, 0.85], [0.70, 0.55, 0.52], [0.89, 0.92, 0.44], [0.23, 0.23, 0.23]])
    amount = inks * (1.3 - 0.3 * inks)
    left = np.prod(1 - amount[..., None] * (1 - solids), axis=-2)
    darkest = np.prod(solids, axis=0)
    x, y, z = np.moveaxis(BLACK + (1 - BLACK) * (left - darkest) / (1 - darkest), -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


@cache
def cmyk_profile() -> bytes:
    """A version 2 output profile with a 16-bit table from inks to L*a*b* (ICC.1:2022, 10.10), and none back."""
    steps = np.linspace(0, 1, NODES)
    inks = np.stack(np.meshgrid(steps, steps, steps, steps, indexing="ij"), axis=-1)
    lab = press(inks)
    scaled = np.stack([lab[..., 0] * 652.8, (lab[..., 1] + 128) * 256, (lab[..., 2] + 128) * 256], axis=-1)
    table = np.rint(np.clip(scaled, 0, 65535)).astype(">u2").tobytes()
    line = struct.pack(">2H", 0, 65535)
    identity = struct.pack(">9i", *(65536 * (i % 4 == 0) for i in range(9)))
    lut = b"mft2\0\0\0\0" + bytes((4, 3, NODES, 0)) + identity + struct.pack(">2H", 2, 2) + line * 4 + table + line * 3
    return profile(b"prtr", b"CMYK", b"Lab ", {b"A2B0": lut, b"A2B1": lut}, "Made-up press")


@cache
def rgb_profile(space: str) -> bytes:
    """A version 2 display profile of matrix and curves."""
    known = colour.RGB_COLOURSPACES[space]
    white = colour.RGB_to_XYZ(np.ones(3), known)
    adapted = colour.adaptation.matrix_chromatic_adaptation_VonKries(white, D50, transform="Bradford")
    colorants = (adapted @ known.matrix_RGB_to_XYZ).T
    tags = {name: xyz_tag(row) for name, row in zip((b"rXYZ", b"gXYZ", b"bXYZ"), colorants, strict=True)}
    curve = np.rint(np.clip(known.cctf_decoding(np.linspace(0, 1, 4096)), 0, 1) * 65535).astype(">u2")
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), b"curv\0\0\0\0" + struct.pack(">I", 4096) + curve.tobytes())
    return profile(b"mntr", b"RGB ", b"XYZ ", tags, space)


def profile(kind: bytes, space: bytes, connection: bytes, tags: dict[bytes, bytes], name: str) -> bytes:
    text = name.encode() + b"\0"
    described = b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text + bytes(78)
    tags = {b"desc": described, b"cprt": b"text\0\0\0\0CC0\0", b"wtpt": xyz_tag(D50), **tags}
    start, head, body = 132 + 12 * len(tags), b"", b""
    for tag, content in tags.items():
        head += struct.pack(">4sII", tag, start + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    kinds = (b"none", 0x02400000, kind, space, connection, struct.pack(">6H", 2026, 1, 1, 0, 0, 0), b"acsp")
    top = struct.pack(">I4sI4s4s4s12s4s28x", start + len(body), *kinds) + fixed(D50)
    return top.ljust(128, b"\0") + struct.pack(">I", len(tags)) + head + body


def xyz_tag(values: Floats) -> bytes:
    return b"XYZ \0\0\0\0" + fixed(values)


def fixed(values: Floats) -> bytes:
    return struct.pack(">3i", *(round(float(value) * 65536) for value in values))
