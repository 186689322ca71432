"""Where OpenCLIP weights lie on this machine, told without importing OpenCLIP or torch; nothing is fetched."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

PREFERRED = (
    ("ViT-L-14", "datacomp_xl_s13b_b90k", "laion/CLIP-ViT-L-14-DataComp.XL-s13B-b90K"),
    ("ViT-L-14", "laion2b_s32b_b82k", "laion/CLIP-ViT-L-14-laion2B-s32B-b82K"),
    ("ViT-B-16", "datacomp_xl_s13b_b90k", "laion/CLIP-ViT-B-16-DataComp.XL-s13B-b90K"),
    ("ViT-B-16", "laion2b_s34b_b88k", "laion/CLIP-ViT-B-16-laion2B-s34B-b88K"),
    ("ViT-B-32", "datacomp_xl_s13b_b90k", "laion/CLIP-ViT-B-32-DataComp.XL-s13B-b90K"),
    ("ViT-B-32", "laion2b_s34b_b79k", "laion/CLIP-ViT-B-32-laion2B-s34B-b79K"),
)
"""Architecture, tag and repository of what `auto` takes, in order of OpenCLIP's own zero-shot table."""

FILE_NAMES = ("open_clip_model.safetensors", "open_clip_pytorch_model.bin")
"""What OpenCLIP's repositories call their weights, the safe format first."""


def on_machine() -> tuple[str, ...]:
    """Return "ARCHITECTURE:TAG" of the preferred models that are in the local cache, best first."""
    if find_spec("open_clip") is None:
        return ()
    return tuple(f"{architecture}:{tag}" for architecture, tag, repo in PREFERRED if cached_file(repo) is not None)


def cached_file(repo: str, names: tuple[str, ...] = FILE_NAMES) -> Path | None:
    """Return the first of `names` in the local copy of a repository "owner/name", or None."""
    folder = cache_root() / f"models--{repo.strip('/').replace('/', '--')}"
    for snapshot in _snapshots(folder):
        for name in names:
            if (snapshot / name).is_file():
                return snapshot / name
    return None


def cache_root() -> Path:
    """Return the folder in which huggingface_hub keeps repositories."""
    if named := os.environ.get("HF_HUB_CACHE"):
        return Path(named)
    home = os.environ.get("HF_HOME") or Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache") / "huggingface"
    return Path(home).expanduser() / "hub"


def _snapshots(folder: Path) -> list[Path]:
    main = folder / "refs" / "main"
    current = [folder / "snapshots" / main.read_text().strip()] if main.is_file() else []
    every = folder / "snapshots"
    return current + (sorted(each for each in every.iterdir() if each not in current) if every.is_dir() else [])
