"""Gate a folder of pictures, and print what needs whose attention.

    python examples/gate_a_folder.py [KIT FOLDER [BRIEFS]]

Without arguments it gates the demo's campaign, which it renders into a temporary folder.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import qa
from qa.demo.campaign import write_campaign

SUFFIXES = {".png", ".jpg", ".jpeg", ".webp"}


def main(arguments: Sequence[str]) -> None:
    """Gate what the arguments name, or the demo."""
    if arguments:
        gate_folder(*map(Path, arguments))
        return
    with TemporaryDirectory() as folder:
        campaign = write_campaign(Path(folder), seed=0)
        gate_folder(campaign.kit, campaign.assets[0].parent, campaign.briefs)


def gate_folder(kit: Path, folder: Path, briefs: Path | None = None) -> qa.Batch:
    """Judge every picture of a folder and print the result."""
    pictures = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    batch = qa.Gate(kit).judge_many(pictures, qa.read_briefs(briefs) if briefs else None)
    for verdict in batch:
        if verdict.decision != "accept":
            print(verdict)
    for finding in batch.findings:
        print(f"look at {finding.asset}: {finding}")
    print(batch.summary)
    return batch


if __name__ == "__main__":
    main(sys.argv[1:])
