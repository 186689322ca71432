"""False alarms on unedited photographs, which nobody means to stop: how many raise what.

    python benchmarks/null.py [--quick] [--out results.json]

Every rule that is not the brand's own, at its defaults: unexpected text, sharpness, exposure, duplicates. Photographs:
those that skimage carries; product and people photographs of shared/data where present, each once. Products are judged
without references, and by a kit with three photographs of the same subject, as a kit would have them.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
import skimage.data
from rates import rate

from consistency import load_image
from qa import BrandKit, Gate
from qa.asset import Unread
from qa.verdict import Finding, Level, Status

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
CARRIED = ("astronaut", "chelsea", "coffee", "rocket", "retina", "camera", "coins", "moon", "grass", "gravel", "brick")
PEOPLE = ("faces/bbt", "faces/photomaker", "faces/pulid", "faces/instantid")
KIT = "kit: 1\ntext: {unexpected: {level: warn}}\n"
REFERENCES = 3


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="the pictures that skimage carries alone")
    parser.add_argument("--out")
    options = parser.parse_args()
    gate = Gate(BrandKit.from_text(KIT))
    carried = alarms(gate, [Unread(picture(name), name) for name in CARRIED])
    people = [] if options.quick else alarms(gate, files(PEOPLE))
    products = [] if options.quick else alarms(gate, files(("identity_products",)))
    referenced = [] if options.quick else with_references()
    result = {
        "without_references": told([*carried, *people, *products]),
        "products_with_references": told(referenced),
        "others_and_products_with_references": told([*carried, *people, *referenced]),
    }
    print(json.dumps(result, indent=2))
    if options.out:
        Path(options.out).write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return 0


def picture(name: str) -> np.ndarray:
    pixels = getattr(skimage.data, name)()
    return np.ascontiguousarray(pixels if pixels.ndim == 3 else np.stack([pixels] * 3, axis=-1))


def files(folders: Sequence[str]) -> list[Unread]:
    endings = {".jpg", ".jpeg", ".png", ".webp"}
    found = [path for folder in folders for path in sorted((SHARED / folder).rglob("*")) if path.suffix in endings]
    # A picture that lies in two folders is one photograph; that its second copy is called a duplicate is right.
    first = {sha256(load_image(path).pixels).digest(): path for path in reversed(found)}
    return [Unread(path, f"{path.parent.name}/{path.name}") for path in found if path in set(first.values())]


def alarms(gate: Gate, assets: Sequence[Unread]) -> list[list[Finding]]:
    """Return per photograph the findings that block or warn, those of the batch included."""
    batch = gate.judge_many(assets)
    found = [[f for f in verdict.findings if is_unmet(f)] for verdict in batch]
    places = {verdict.asset.name: index for index, verdict in enumerate(batch)}
    for finding in batch.findings:
        found[places[finding.asset]].append(finding)
    return found


def is_unmet(finding: Finding) -> bool:
    return finding.status in (Status.FAIL, Status.WARN, Status.ERROR)


def with_references() -> list[list[Finding]]:
    """Judge each subject's other photographs by a kit with its first ones as references."""
    found = []
    for folder in sorted(path for path in (SHARED / "identity_products").glob("*") if path.is_dir()):
        own = sorted(folder.glob("*.jpg"))
        with tempfile.TemporaryDirectory() as place:
            for path in own[:REFERENCES]:
                (Path(place) / path.name).write_bytes(path.read_bytes())
            subject = f'subjects: {{{folder.name}: {{references: ["*.jpg"]}}}}\n'
            kit = BrandKit.from_text(KIT + subject, folder=place)
        found += alarms(Gate(kit), [Unread(path, path.name) for path in own[REFERENCES:]])
    return found


def told(found: Sequence[Sequence[Finding]]) -> dict[str, object]:
    """Return how many photographs are blocked and warned about, and by which rule."""
    blocked = [[f for f in each if f.level is Level.BLOCK] for each in found]
    warned = [[f for f in each if f.level is Level.WARN] for each in found]
    rules = Counter(rule for each in found for rule in {f.rule for f in each})
    return {
        "blocked": rate(sum(map(bool, blocked)), len(found)),
        "warned": rate(sum(map(bool, warned)), len(found)),
        "by_rule": dict(sorted(rules.items())),
    }


if __name__ == "__main__":
    sys.exit(main())
