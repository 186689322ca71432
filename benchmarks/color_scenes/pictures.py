"""What the scenes share: photographs, real brand colours, colours a known way off, files, and the check itself."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import skimage.data
from numpy.typing import NDArray
from PIL import Image

from consistency.colorspace import lab_to_srgb, to_lab
from qa.asset import Asset
from qa.checks.color import ColorCheck
from qa.color.difference import delta_e00
from qa.engines import Engines
from qa.evidence import Evidence
from qa.kit.kit import BrandKit, ModelOptions
from qa.verdict import Finding

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float64]

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
CARRIED = ("astronaut", "chelsea", "coffee", "rocket", "retina", "hubble_deep_field", "immunohistochemistry")
LONGEST_SIDE = 1024
LEAST_CHROMA = 12.0


@cache
def photographs(*, is_quick: bool = False) -> tuple[tuple[str, Pixels], ...]:
    """Those that skimage carries, and product photographs of shared/data, each once; longest side at most 1024."""
    carried = [(name, np.ascontiguousarray(getattr(skimage.data, name)()[..., :3])) for name in CARRIED]
    files = sorted((SHARED / "identity_products").glob("*/*.jpg"))
    files = files[::20] if is_quick else files
    products = [(f"{path.parent.name}/{path.name}", read(path)) for path in files]
    return tuple((name, fitted(pixels)) for name, pixels in (*carried, *products))


def read(path: Path) -> Pixels:
    with Image.open(path) as file:
        return np.asarray(file.convert("RGB"))


def fitted(pixels: Pixels) -> Pixels:
    scale = LONGEST_SIDE / max(pixels.shape[:2])
    if scale >= 1:
        return pixels
    size = round(pixels.shape[1] * scale), round(pixels.shape[0] * scale)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


@cache
def brand_colors() -> Floats:
    """The distinct colours of simple-icons as sRGB in 0..255, n×3, in a fixed order."""
    file = SHARED / "color" / "simple_icons" / "simple-icons.json"
    if not file.exists():
        raise SystemExit(f"not measured: brands' colours are drawn from {file}, which is not here")
    entries = json.loads(file.read_text(encoding="utf-8"))
    distinct = sorted({entry["hex"].lower() for entry in entries})
    return np.array([list(bytes.fromhex(digits)) for digits in distinct], np.float64)


def lab_of(rgb: Floats) -> Floats:
    return to_lab(np.asarray(rgb, np.float64) / 255).astype(np.float64)


def off_by(rgb: Floats, delta_e: float, direction: Floats) -> Floats | None:
    """The 8-bit colour about `delta_e` from another along a direction of L*a*b*; None where sRGB has none."""
    lab = lab_of(rgb)
    near, far = 0.0, 200.0
    for _ in range(40):
        middle = (near + far) / 2
        is_near = delta_e00(lab, lab + middle * direction) < delta_e
        near, far = (middle, far) if is_near else (near, middle)
    wanted = lab_to_srgb(lab + near * direction) * 255
    if wanted.min() < -0.4 or wanted.max() > 255.4:
        return None
    rounded = np.clip(np.round(wanted), 0, 255)
    return rounded if abs(float(delta_e00(lab, lab_of(rounded))) - delta_e) < 0.5 else None


def hue_or_chroma(rng: np.random.Generator) -> Floats:
    """A direction that keeps lightness."""
    angle = rng.uniform(0, 2 * np.pi)
    return np.array([0.0, np.cos(angle), np.sin(angle)])


def any_direction(rng: np.random.Generator) -> Floats:
    direction = rng.normal(size=3)
    return direction / np.linalg.norm(direction)


def encoded(pixels: NDArray[Any], form: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, form, **({"compress_level": 1} if form == "PNG" else {}), **options)
    return file.getvalue()


def random_file(rng: np.random.Generator, pixels: Pixels) -> bytes:
    """PNG, or JPEG at quality 60 to 95 with or without chroma subsampling."""
    if rng.random() < 0.25:
        return encoded(pixels)
    return encoded(pixels, "JPEG", quality=int(rng.integers(60, 96)), subsampling=int(rng.choice([0, 2])))


def judge(
    source: Any, rgb: Floats | str, options: str = "", files: Mapping[str, bytes] | None = None, *, text: str = ""
) -> Finding:
    """The finding of the colour check on one picture for one brand colour."""
    value = rgb if isinstance(rgb, str) else "#" + bytes(int(channel) for channel in rgb).hex()
    kit = f'kit: 1\ncolors: {{brand: {{value: "{value}"{options and ", " + options}}}}}\n'
    kit += f'text: {{required: [{{id: t, value: "{text}", case: ignore}}]}}\n' if text else ""
    asset = Asset.read(source, name="scene.png")
    (finding,) = check_of(kit, files or {}).judge(asset, Evidence(asset, engines()))
    return finding


@cache
def engines() -> Engines:
    return Engines(ModelOptions())


def check_of(text: str, files: Mapping[str, bytes]) -> ColorCheck:
    if not files:
        return ColorCheck.from_kit(BrandKit.from_text(text))
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            Path(folder, name).write_bytes(content)
        return ColorCheck.from_kit(BrandKit.from_text(text, folder=folder))
