"""Does a kit of three photographs tell its subject from others? The confusion on real photographs.

    python benchmarks/identity_real.py [--quick] [--out FILE]

For every subject of shared/data/identity_products a kit is made from its first three photographs, as `qa init` would.
The identity check then judges the subject's other photographs, those of look-alikes, and those of all other subjects.
The thresholds were derived from the same collection: the record also carries what they reach on kinds held out.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

from photo_collections import SHARED, families  # noqa: E402

from qa.asset import Asset  # noqa: E402
from qa.checks.identity import IdentityCheck  # noqa: E402
from qa.engines import Engines  # noqa: E402
from qa.evidence import Evidence  # noqa: E402
from qa.kit.kit import BrandKit, ModelOptions  # noqa: E402

REFERENCES = 3
OUTCOMES = {"pass": "accepted", "not_evaluable": "undecided", "fail": "rejected"}
KINDS = ("own", "look-alike", "other")


def main() -> None:
    """Print the confusion as a Markdown table, write it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="two photographs a subject instead of all")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    folder = SHARED / "identity_products"
    if not folder.is_dir():
        print(f"skipped: {folder} is not on this machine")
        return
    photos = {each.name: sorted(each.glob("*.jpg")) for each in sorted(folder.iterdir()) if each.is_dir()}
    counts = confusion(photos, most=2 if options.quick else None)
    print(table(counts))
    if options.out:
        options.out.write_text(json.dumps(record(counts), indent=1) + "\n", encoding="utf-8")


def confusion(photos: Mapping[str, Sequence[Path]], most: int | None) -> dict[tuple[str, str], Counter[str]]:
    """Return (subject, kind of photograph) → outcomes."""
    engines, alike = Engines(ModelOptions()), families()
    evidence = {
        path: Evidence(Asset.read(path), engines)
        for paths in photos.values()
        for path in [*paths[:REFERENCES], *paths[REFERENCES:][:most]]
    }
    counts: dict[tuple[str, str], Counter[str]] = {}
    for subject, paths in photos.items():
        check = check_of(subject, paths[:REFERENCES])
        for path, look in evidence.items():
            owner = path.parent.name
            if path in paths[:REFERENCES]:
                continue
            kind = "own" if owner == subject else "look-alike" if owner in alike.get(subject, ()) else "other"
            (finding,) = check.judge(look.asset, look)
            counts.setdefault((subject, kind), Counter())[OUTCOMES[finding.status.value]] += 1
    return counts


def check_of(subject: str, references: Sequence[Path]) -> IdentityCheck:
    """Return the check of a kit that knows one subject."""
    with tempfile.TemporaryDirectory() as folder:
        for path in references:
            (Path(folder) / path.name).write_bytes(path.read_bytes())
        text = f'kit: 1\nsubjects:\n  {subject}: {{references: ["*.jpg"], always: true}}\n'
        check = IdentityCheck.from_kit(BrandKit.from_text(text, folder=folder))
    if check is None:
        raise SystemExit("the kit has no subject")
    return check


def table(counts: Mapping[tuple[str, str], Counter[str]]) -> str:
    """Return the table: a row per subject, then all together."""
    head = ["subject", *(f"{kind}: {' / '.join(OUTCOMES.values())}" for kind in KINDS)]
    rows = [
        [subject, *(cell(counts.get((subject, kind))) for kind in KINDS)]
        for subject, _ in dict.fromkeys((s, "") for s, _ in counts)
    ]
    rows.append(["**all**", *(cell(total(counts, kind)) for kind in KINDS)])
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows])


def cell(counts: Counter[str] | None) -> str:
    """Return counts as "3 / 0 / 1"."""
    return " / ".join(str(counts[outcome]) for outcome in OUTCOMES.values()) if counts else "–"


def total(counts: Mapping[tuple[str, str], Counter[str]], kind: str) -> Counter[str]:
    """Return the outcomes of one kind over all subjects."""
    return sum((each for (_, of), each in counts.items() if of == kind), Counter())


def record(counts: Mapping[tuple[str, str], Counter[str]]) -> dict[str, object]:
    """Return counts and shares, as JSON."""
    totals = {kind: total(counts, kind) for kind in KINDS}
    shares = {
        kind: {outcome: round(each[outcome] / max(1, each.total()), 4) for outcome in OUTCOMES.values()}
        for kind, each in totals.items()
    }
    return {"references": REFERENCES, "counts": {kind: dict(each) for kind, each in totals.items()}, "shares": shares}


if __name__ == "__main__":
    main()
