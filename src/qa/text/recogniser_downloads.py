"""Where the recognisers of other scripts are published, as the installed rapidocr package says."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from consistency.errors import MissingBackend
from consistency.runtime.fetching import Download
from qa.text.recognisers import RECOGNISERS, file_name

LICENCE = "Apache-2.0"


def downloads(script: str) -> list[Download]:
    """Return what `qa models pull rapidocr:SCRIPT` fetches.

    Raises:
        InputError: No recogniser of that script is known.
        MissingBackend: The rapidocr package, which says where its models are, is not installed or names another file.
    """
    name, pinned = file_name(script), RECOGNISERS[script]
    spec = find_spec("rapidocr")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        listed = yaml.safe_load((Path(folder) / "default_models.yaml").read_text(encoding="utf-8"))
        for entry in _entries(listed):
            if entry.get("SHA256") == pinned:
                return [Download(name, str(entry["model_dir"]), pinned, "sha256", LICENCE)]
    raise MissingBackend(f"a rapidocr package that lists {name}", "none", "pip install rapidocr==3.10.0")


def _entries(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if "SHA256" in node:
            yield node
        for below in node.values():
            yield from _entries(below)
