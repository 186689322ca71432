"""The work of `qa models pull`: the one command that fetches models, into a folder that the caller names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from consistency.runtime.fetching import Download, fetch
from consistency.runtime.tables import load_entry
from qa.cli.exit_codes import ACCEPTED

PULLED: dict[str, str] = {
    "rapidocr": "qa.text.recogniser_downloads:downloads",
    "easyocr": "qa.text.easyocr:downloads",
}
"""Reader → function (script or languages) → what to fetch."""


def pull(options: tuple[str, Path]) -> int:
    """Fetch the files of one model, each compared with its published hash, and say how a kit names it."""
    name, folder = options
    reader, _, argument = name.partition(":")
    wanted: Callable[[str], list[Download]] = load_entry(PULLED, reader, "model to pull")
    console = Console(stderr=True)
    for download in wanted(argument):
        console.print(f"{download.file}: {download.licence}, {download.algorithm} {download.digest}", highlight=False)
        fetch(download, folder)
    console.print(f'In the kit: models: {{reader: "{name}:{folder}"}}', highlight=False)
    return ACCEPTED
