"""How fast the palette map is, beside three other libraries on the same pixels in one run, and how exact.

    python benchmarks/color.py [--quick] [--out results.json]

Pictures of 1024², three photographs to one of flat artwork, each looked at once: 44 of them, 138 MB, so that neither
kept results nor the cache count. Ours writes index (uint8) and ΔE00 (float32). A peer takes Lab once, ΔE00 to each of
the six colours and the least; it is slow, so it takes a few of the same pictures, and each ratio is the median over
those of its time by ours. "Cold" is the first picture of a palette of which there is no table anywhere.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import colour
import numpy as np
import torch
from bench_pictures import pictures
from colormath import color_diff_matrix
from skimage.color import deltaE_ciede2000, rgb2lab

from qa.asset import Asset
from qa.checks.color import ColorCheck
from qa.color import Palette
from qa.color.palette_exact import candidate_masks
from qa.color.palette_floats import map_colors
from qa.color.palette_table import shared_table
from qa.engines import Engines
from qa.evidence import Evidence
from qa.kit.kit import BrandKit, ModelOptions

BRAND = np.array([(0, 85, 170), (200, 16, 46), (11, 122, 94), (255, 205, 0), (51, 51, 51), (242, 169, 0)], np.uint8)
BYTES_PER_PIXEL = 3 + 1 + 4
MEGAPIXEL = 1e6
NO_CUDA = "not measured: no CUDA device"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few pictures, one for each peer, a sample of colours")
    parser.add_argument("--out")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CONSISTENCY_CACHE"] = folder
        result = measure(options.quick)
    print(json.dumps(result, indent=2))
    if options.out:
        Path(options.out).write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return 0


def measure(quick: bool) -> dict[str, object]:
    shown = pictures(8 if quick else 44, BRAND)
    peers = peer_seconds(shown[: 1 if quick else 4])
    return {
        "threads": len(os.sched_getaffinity(0)),
        "pictures": len(shown),
        "peer_pictures": 1 if quick else 4,
        "first_picture": first_picture(shown[: 2 if quick else 8], peers["scikit_image"]),
        "table": table_seconds((6,) if quick else (1, 6, 24, 32)),
        "prepared": prepared(shown, peers),
        "findings": findings(shown[: 4 if quick else 24]),
        "errors": [errors(seed, 1 << 16 if quick else 1 << 24) for seed in range(3)],
        "cuda": on_cuda(shown[0]) if torch.cuda.is_available() else NO_CUDA,
    }


def brand_palette() -> Palette:
    return Palette({f"brand{place}": tuple(map(int, color)) for place, color in enumerate(BRAND)})


def random_palette(count: int, seed: int) -> Palette:
    colors = np.random.default_rng([seed, count]).integers(0, 256, (count, 3))
    return Palette({str(place): tuple(map(int, color)) for place, color in enumerate(colors)})


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def forget_tables() -> None:
    shared_table.cache_clear()
    candidate_masks.cache_clear()


def peer_seconds(shown: list[np.ndarray]) -> dict[str, list[float]]:
    """Return the seconds that each peer takes for each picture."""
    peers = {"scikit_image": with_skimage, "colour_science": with_colour, "colormath": with_colormath}
    return {name: [timed(lambda p=picture: peer(p)) for picture in shown] for name, peer in peers.items()}  # noqa: B023


def least(distances: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    stacked = np.stack(distances, axis=-1)
    return stacked.argmin(axis=-1), stacked.min(axis=-1)


def with_skimage(picture: np.ndarray) -> object:
    lab, references = rgb2lab(picture), rgb2lab(BRAND[:, None, None])
    return least([deltaE_ciede2000(lab, reference) for reference in references])


def colour_lab(rgb: np.ndarray) -> np.ndarray:
    return colour.XYZ_to_Lab(colour.sRGB_to_XYZ(rgb / 255))


def with_colour(picture: np.ndarray) -> object:
    lab = colour_lab(picture)
    return least([colour.delta_E(lab, reference, method="CIE 2000") for reference in colour_lab(BRAND)])


def with_colormath(picture: np.ndarray) -> object:
    """Its matrix function takes Lab; that comes from scikit-image, as its own conversions are one colour at a time."""
    lab, references = rgb2lab(picture).reshape(-1, 3), rgb2lab(BRAND[:, None])[:, 0]
    return least([color_diff_matrix.delta_e_cie2000(reference, lab) for reference in references])


def first_picture(shown: list[np.ndarray], skimage: list[float]) -> dict[str, float]:
    """Time the first picture of palettes that have no table in memory or on disk."""
    seconds = []
    random_palette(2, 99).nearest(shown[0][:64, :64])
    for seed, picture in enumerate(shown):
        forget_tables()
        palette = random_palette(len(BRAND), seed)
        seconds.append(timed(lambda p=palette, q=picture: p.nearest(q)))
    return {
        "ms_per_megapixel": milliseconds(seconds, shown),
        "times_scikit_image": round(statistics.median(skimage) / statistics.median(seconds), 1),
    }


def milliseconds(seconds: list[float], shown: list[np.ndarray]) -> float:
    """Return the median milliseconds a megapixel."""
    each = [s * 1000 / (p.shape[0] * p.shape[1] / MEGAPIXEL) for s, p in zip(seconds, shown, strict=True)]
    return round(statistics.median(each), 3)


def table_seconds(sizes: tuple[int, ...]) -> dict[str, dict[str, float]]:
    """Time building the whole table and keeping it, and loading it again, for palettes of several sizes."""
    found = {}
    for size in sizes:
        forget_tables()
        palette = random_palette(size, 0)
        built = timed(lambda p=palette: p.nearest(np.zeros((1, 1, 3), np.uint8), mode="table"))
        forget_tables()
        loaded = timed(lambda p=palette: p.prepare())
        found[f"{size}_colours"] = {"build_seconds": round(built, 3), "load_seconds": round(loaded, 3)}
    return found


def prepared(shown: list[np.ndarray], peers: dict[str, list[float]]) -> dict[str, object]:
    """Time the map with the table ready, each picture once, and its share of the memory's bandwidth."""
    palette = brand_palette()
    palette.prepare()
    palette.nearest(shown[-1])
    seconds = [timed(lambda p=picture: palette.nearest(p)) for picture in shown]
    single = [timed(lambda p=picture: palette.nearest(p, threads=1)) for picture in shown]
    rate = copy_rate()
    per_pixel = milliseconds(seconds, shown) / 1000 / MEGAPIXEL
    return {
        "ms_per_megapixel": milliseconds(seconds, shown),
        "ms_per_megapixel_one_thread": milliseconds(single, shown),
        "megapixels_per_second": round(1 / per_pixel / MEGAPIXEL),
        "peers_ms_per_megapixel": {name: milliseconds(own, shown[: len(own)]) for name, own in peers.items()},
        "times_peer": {
            name: round(statistics.median(theirs / ours for theirs, ours in zip(own, seconds, strict=False)), 1)
            for name, own in peers.items()
        },
        "copy_gigabytes_per_second": round(rate / 1e9, 1),
        "bandwidth_fraction": round(BYTES_PER_PIXEL / per_pixel / rate, 3),
    }


def copy_rate() -> float:
    """Return the bytes read and written a second when all threads copy far more than a cache holds."""
    threads = len(os.sched_getaffinity(0))
    source = np.ones((threads, 1 << 28), np.uint8)
    target = np.ones_like(source)
    with ThreadPoolExecutor(threads) as pool:
        seconds = [timed(lambda: list(pool.map(np.copyto, target, source))) for _ in range(3)]
    return 2 * source.nbytes / min(seconds)


def findings(shown: list[np.ndarray]) -> dict[str, float]:
    """Time the colour check of a kit of six colours, from pixels in memory to its findings."""
    lines = [f'  brand{place}: {{value: "#{bytes(color).hex()}"}}\n' for place, color in enumerate(BRAND)]
    check = ColorCheck.from_kit(BrandKit.from_text("kit: 1\ncolors:\n" + "".join(lines)))
    engines = Engines(ModelOptions())
    assets = [Asset.read(picture, name=f"{place}.png") for place, picture in enumerate(shown)]
    check.judge(assets[0], Evidence(assets[0], engines))
    seconds = [timed(lambda a=asset: check.judge(a, Evidence(a, engines))) for asset in assets]
    return {"ms_per_megapixel": milliseconds(seconds, shown), "slowest_ms": round(max(seconds) * 1000, 1)}


def errors(seed: int, count: int) -> dict[str, float]:
    """Compare the table with float64 of every candidate, over all 2^24 colours or `count` of them, for one palette."""
    palette = random_palette(len(BRAND), 1000 + seed)
    codes = np.arange(1 << 24) if count == 1 << 24 else np.random.default_rng(seed).integers(0, 1 << 24, count)
    colors = np.stack([codes >> shift & 255 for shift in (16, 8, 0)], axis=-1).astype(np.uint8).reshape(256, -1, 3)
    index, delta = palette.nearest(colors, mode="table" if count == 1 << 24 else "auto")
    true_index, true_delta = map_colors(colors, palette.lab, len(os.sched_getaffinity(0)))
    away = np.abs(delta.astype(np.float64) - true_delta)
    return {
        "colours": count,
        "largest_below_20": float(away[true_delta < 20].max()),
        "largest": float(away.max()),
        "other_index": int((index != true_index).sum()),
    }


def on_cuda(picture: np.ndarray) -> dict[str, float]:
    """Time the map of a batch that lies on the device, and its share of the device's own copy rate."""
    palette, batch = brand_palette(), torch.from_numpy(np.stack([picture] * 64)).cuda()
    source = torch.ones(1 << 30, dtype=torch.uint8, device="cuda")
    seconds = device_seconds(lambda: palette.nearest(batch))
    rate = 2 * source.nbytes / device_seconds(source.clone)
    pixels = batch.numel() / 3
    return {
        "gigapixels_per_second": round(pixels / seconds / 1e9, 2),
        "copy_gigabytes_per_second": round(rate / 1e9),
        "bandwidth_fraction": round(BYTES_PER_PIXEL * pixels / seconds / rate, 3),
    }


def device_seconds(work: Callable[[], object], repeats: int = 20) -> float:
    work()
    torch.cuda.synchronize()

    def repeat() -> None:
        for _ in range(repeats):
            work()
        torch.cuda.synchronize()

    return timed(repeat) / repeats


if __name__ == "__main__":
    sys.exit(main())
