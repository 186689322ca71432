"""Which file an OpenCLIP name means, and what is refused because it would have to be fetched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import open_clip

from consistency.embedders.openclip_files import FILE_NAMES, cached_file
from consistency.errors import InputError, MissingBackend, WeightsError, unknown_name


def build_model(architecture: str, weights: Path) -> Any:
    """Build a model from OpenCLIP's configuration, both halves, with the weights of a file.

    Raises:
        WeightsError: The file cannot be read or holds other weights.
    """
    try:
        model, _, _ = open_clip.create_model_and_transforms(
            architecture,
            pretrained=str(weights),
            precision="fp32",
            device="cpu",
            pretrained_text=False,
            image_resize_mode="squash",
        )
    except Exception as error:  # OpenCLIP and torch raise whatever a file makes them stumble over
        raise WeightsError(f"the weights of {architecture}", f"{weights.name}: {error}") from error
    return model.eval()


def find_weights(architecture: str, source: str) -> Path:
    """Return the weight file: `source` itself where it is a file, else the cached file of that tag.

    Raises:
        UnknownName: The architecture has no such tag.
        MissingBackend: The file or the cached copy is not there.
    """
    given = Path(source).expanduser()
    if given.is_file():
        return given
    if "/" in source or "\\" in source or given.suffix in (".safetensors", ".bin", ".pt", ".pth"):
        raise MissingBackend(f"the weight file {source}", "no such file")
    tags = open_clip.list_pretrained_tags_by_model(architecture)
    if source not in tags:
        raise unknown_name(f"pretrained tag of {architecture}", source, tags)
    found = _cached(open_clip.get_pretrained_cfg(architecture, source))
    if found is None:
        hint = (
            f"fetch it once with open_clip.create_model({architecture!r}, pretrained={source!r}), or name a local file"
        )
        raise MissingBackend(f"the weights {architecture}:{source}", "none in the local cache", hint)
    return found


def refuse_fetching(architecture: str) -> None:
    """Refuse what OpenCLIP would look up on a model hub while building the model.

    Raises:
        UnknownName: An architecture without a local configuration.
        InputError: One whose text half is configured on a hub.
    """
    settings = open_clip.get_model_config(architecture) if ":" not in architecture and "/" not in architecture else None
    if settings is None:
        raise unknown_name("OpenCLIP architecture", architecture, open_clip.list_models())
    if settings.get("text_cfg", {}).get("hf_model_name"):
        raise InputError("an architecture with a text half of its own", architecture, "its text half needs a download")


def _cached(settings: dict[str, Any]) -> Path | None:
    repo, _, name = str(settings.get("hf_hub", "")).rpartition("/")
    if repo and (found := cached_file(repo, (name,) if name else FILE_NAMES)) is not None:
        return found
    url_name = str(settings.get("url", "")).rpartition("/")[2]
    direct = Path("~/.cache/clip").expanduser() / url_name
    return direct if url_name and direct.is_file() else None
