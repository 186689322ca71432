"""The demo's campaign: assets with planted faults, kit, briefs and truth, the same for the same seed."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from consistency.runtime.stored import canonical_json
from qa.demo.backdrops import BACKDROPS
from qa.demo.brand import HEADLINES, PRICES, SIZES, kit_text, write_kit
from qa.demo.faults import FAULTS, Artwork, Reason
from qa.demo.files import FileForm, encode
from qa.demo.scenes import LAYOUTS, Scene, draw
from qa.demo.truth import PlantedAsset, PlantedFinding, Truth

CLEAN = 11
PLAN: tuple[tuple[str, float], ...] = (
    ("marlow_blue", 1.2),
    ("marlow_blue", 3.0),
    ("marlow_blue", 9.0),
    ("marlow_red", 3.0),
    ("marlow_red", 9.0),
    ("marlow_green", 3.0),
    ("marlow_green", 9.0),
    ("in_shade", 0.7),
    ("in_shade", 0.8),
    ("p3_right", 0.0),
    ("p3_mislabelled", 0.0),
    ("p3_too_wide", 7.0),
    ("headline_typo", 1.0),
    ("headline_typo", 2.0),
    ("price_digit", 1.0),
    ("legal_missing", 1.0),
    ("headline_missing", 1.0),
    ("forbidden_claim", 1.0),
    ("wrong_product", 1.0),
    ("wrong_product", 1.0),
    ("headline_contrast", 6.5),
    ("headline_contrast", 2.2),
    ("blur", 5.0),
    ("glare", 0.045),
    ("aspect_off", 0.02),
    ("aspect_off", 0.30),
    ("too_small", 640.0),
    ("truncated", 0.5),
)
"""What is planted in a campaign, each in an asset of its own, beside `CLEAN` clean ones and one near-duplicate."""

FORMS = (FileForm("JPEG", 92), FileForm("JPEG", 82), FileForm("PNG"), FileForm("WEBP", 90))


@dataclass(frozen=True)
class Campaign:
    """A written campaign.

    Args:
        folder: Holds everything.
        kit: The kit file.
        briefs: The briefs file.
        assets: The assets' files, in order.
        truth: What was planted; also in `truth.json`.
    """

    folder: Path
    kit: Path
    briefs: Path
    assets: tuple[Path, ...]
    truth: Truth


def write_campaign(folder: Path, seed: int, *, progress: Callable[[int, int], None] | None = None) -> Campaign:
    """Render a campaign into `folder`: `assets/`, `brand.yaml` with its references, `briefs.csv`, `truth.json`.

    Args:
        folder: Made where it is missing; files of the same names are written over.
        seed: The same seed gives the same bytes.
        progress: Called with how many assets are written, and of how many.
    """
    kit = write_kit(folder, kit_text())
    (folder / "assets").mkdir(exist_ok=True)
    planned = list(artworks(seed))
    written, rows = [], []
    for index, (art, scene, twin) in enumerate(planned):
        path = folder / "assets" / f"ad_{index + 1:02d}{art.form.suffix}"
        path.write_bytes(encode(draw(art.scene), art.form))
        rows.append(planted_asset(path.name, art, twin))
        written.append((path, scene))
        if progress is not None:
            progress(index + 1, len(planned))
    truth = Truth(seed, tuple(rows), tuple(twins(rows)))
    (folder / "truth.json").write_text(canonical_json(truth.record()) + "\n", encoding="utf-8")
    briefs = write_briefs(folder, [(path.name, scene) for path, scene in written])
    return Campaign(folder, kit, briefs, tuple(path for path, _ in written), truth)


def artworks(seed: int) -> Iterator[tuple[Artwork, Scene, bool]]:
    """Yield every asset of a campaign, the scene its brief asks for, and whether it repeats the first clean one."""
    rng = np.random.default_rng([seed, 2])
    clean = [random_artwork(rng) for _ in range(CLEAN)]
    faulty = [(random_artwork(rng), fault, size) for fault, size in PLAN]
    made = [(art, art.scene, False) for art in clean[1:]]
    made += [(FAULTS[fault](art, size, rng), art.scene, False) for art, fault, size in faulty]
    first = clean[0]
    copy = replace(first, form=FileForm("JPEG", 75))
    yield first, first.scene, False
    yield from (made[index] for index in rng.permutation(len(made)))
    yield copy, copy.scene, True


def random_artwork(rng: np.random.Generator) -> Artwork:
    """Return a clean asset: any place, layout, size, side of the light, words and file format."""
    width, height = SIZES[int(rng.integers(len(SIZES)))]
    scene = Scene(
        seed=int(rng.integers(1 << 30)),
        width=width,
        height=height,
        layout=one_of(rng, LAYOUTS),
        backdrop=one_of(rng, tuple(BACKDROPS)),
        scale=float(rng.uniform(0.86, 1.0)),
        turn=float(rng.uniform(-22, 22)),
        shade=float(rng.uniform(0.0, 0.35)),
        lit_side=(-1, 1)[int(rng.integers(2))],
        headline=one_of(rng, HEADLINES),
        price=one_of(rng, PRICES),
    )
    return Artwork(scene, FORMS[int(rng.integers(len(FORMS)))])


def one_of(rng: np.random.Generator, names: tuple[str, ...]) -> str:
    """Return one of several names."""
    return names[int(rng.integers(len(names)))]


def planted_asset(name: str, art: Artwork, is_twin: bool) -> PlantedAsset:
    """Return what is on record about one asset."""
    faults = tuple(dict.fromkeys(plant.fault for plant in art.planted)) or (("near_duplicate",) if is_twin else ())
    return PlantedAsset(name, faults, art.decision, art.reasons, is_twin)


def twins(assets: list[PlantedAsset]) -> Iterator[PlantedFinding]:
    """Yield the batch findings that near-duplicates should cause."""
    for asset in assets:
        if asset.is_duplicate:
            yield PlantedFinding(asset.name, Reason("duplicates", "duplicates.of_asset"))


def write_briefs(folder: Path, scenes: list[tuple[str, Scene]]) -> Path:
    """Write what each asset was asked to show; return the file's path."""
    path = folder / "briefs.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("asset", "subjects", "headline", "price"))
        writer.writerows((name, "bottle", scene.headline, scene.price) for name, scene in scenes)
    return path
