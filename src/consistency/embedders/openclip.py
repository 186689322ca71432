"""OpenCLIP image towers: the upgrade of the default, from weights that already lie on this machine."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import open_clip
import torch
from numpy.typing import NDArray
from PIL import Image as Pillow
from torch import Tensor, nn

from consistency.embedders.embedder import EmbedderSpec, Features, LoadableEmbedder, Pixels
from consistency.embedders.openclip_files import FILE_NAMES, cached_file
from consistency.errors import InputError, MissingBackend, WeightsError, unknown_name
from consistency.runtime.networks import open_network
from consistency.runtime.sessions import Session
from consistency.runtime.stored import canonical_json
from consistency.runtime.weights import file_sha256

BATCH = 4
"""Pictures per call of the network: bounds memory, never a result."""


class ImageTower(nn.Module):
    """The image half of a CLIP model: pooled features, and patch tokens where it is a transformer of patches."""

    def __init__(self, visual: nn.Module) -> None:
        super().__init__()
        self.visual = visual
        self.has_tokens = hasattr(visual, "output_tokens") and hasattr(visual, "grid_size")
        if self.has_tokens:
            visual.output_tokens = True  # type: ignore[assignment]

    def forward(self, pixels: Tensor) -> tuple[Tensor, ...]:
        """Return n×d, then n×places×k where there are tokens."""
        found = self.visual(pixels)
        return tuple(found) if self.has_tokens else (found,)


class OpenClipEmbedder(LoadableEmbedder):
    """Any architecture that OpenCLIP knows, with a tag that is in the local cache or a weight file."""

    def __init__(self, session: Session, tower: Tower, spec: EmbedderSpec, device: str = "cpu") -> None:
        self.spec = spec
        self.engine = session.engine
        self.device = device
        self._session = session
        self._transform = tower.transform
        self._size = tower.size

    @classmethod
    def load(
        cls, arguments: str, *, precision: str = "float32", device: str = "cpu", threads: int | None = None
    ) -> Self:
        """Load "ARCHITECTURE:TAG" or "ARCHITECTURE:/path/to/weights.safetensors"; never downloads.

        Raises:
            InputError: Not both parts, or an architecture whose text half would have to be fetched.
            UnknownName: No such architecture or tag.
            MissingBackend: The weights are not on this machine.
            WeightsError: The weights are not of this architecture.
        """
        architecture, _, source = arguments.partition(":")
        if not architecture or not source:
            raise InputError("openclip:ARCHITECTURE:TAG-OR-FILE", f"openclip:{arguments}")
        refuse_fetching(architecture)
        weights = find_weights(architecture, source)
        tower = open_tower(architecture, weights)
        spec = EmbedderSpec(
            f"openclip:{architecture}",
            file_sha256(weights),
            "image tower",
            "the model's own",
            tower.preprocessing,
            precision,
        )
        session = open_network(
            f"{spec.architecture} {spec.weights_sha256} open_clip {open_clip.__version__}",
            lambda: traced(ImageTower(tower.visual), tower.size),
            (1, 3, *tower.size),
            precision=precision,
            threads=threads,
            device=device,
        )
        return cls(session, tower, spec, device)

    def embed(self, images: Sequence[Pixels]) -> Features:
        """Embed uint8 H×W×3 pictures: pooled n×d, dense n×h×w×k for transformers of patches."""
        parts = [self._part(images[start : start + BATCH]) for start in range(0, len(images), BATCH)]
        if not parts:
            raise InputError("at least one picture", "none")
        columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
        return Features(columns[0], self._grid(columns[1]) if len(columns) > 1 else None, self.spec)

    def _part(self, images: Sequence[Pixels]) -> tuple[NDArray[np.float32], ...]:
        batch = np.stack([self._prepared(image) for image in images])
        return tuple(self._session.run({self._session.inputs[0]: batch}).values())

    def _prepared(self, image: Pixels) -> NDArray[np.float32]:
        if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or image.size == 0:
            raise InputError("a uint8 H×W×3 picture", f"{image.dtype} {image.shape}", "use load_image()")
        return np.asarray(self._transform(Pillow.fromarray(image)).numpy(), np.float32)

    def _grid(self, tokens: NDArray[np.float32]) -> NDArray[np.float32] | None:
        count, places, width = tokens.shape
        rows = round((places * self._size[0] / self._size[1]) ** 0.5)
        return tokens.reshape(count, rows, -1, width) if rows and places % rows == 0 else None


class Tower:
    """An image tower with the preprocessing it was trained with."""

    def __init__(self, visual: nn.Module, transform: Any, settings: dict[str, Any]) -> None:
        self.visual, self.transform = visual, transform
        self.preprocessing = canonical_json({"open_clip": settings})
        size = settings["size"]
        self.size: tuple[int, int] = (size, size) if isinstance(size, int) else (int(size[0]), int(size[1]))


def open_tower(architecture: str, weights: Path) -> Tower:
    """Build the model from OpenCLIP's configuration and load its weights.

    Raises:
        WeightsError: The file cannot be read or holds other weights.
    """
    try:
        model, _, transform = open_clip.create_model_and_transforms(
            architecture, pretrained=str(weights), precision="fp32", device="cpu", pretrained_text=False
        )
    except Exception as error:  # OpenCLIP and torch raise whatever a file makes them stumble over
        raise WeightsError(f"the weights of {architecture}", f"{weights.name}: {error}") from error
    return Tower(model.visual, transform, dict(open_clip.get_model_preprocess_cfg(model)))


def traced(tower: ImageTower, size: tuple[int, int]) -> nn.Module:
    """Return the tower as a graph of plain operations.

    torch's fused attention is switched off meanwhile: the fused form is one opaque node that no converter reads.
    """
    was_fused = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        with torch.no_grad(), warnings.catch_warnings():
            # OpenCLIP 3 has no form but tracing that the converter takes, and torch announces the end of tracing.
            warnings.simplefilter("ignore")
            trace: Any = torch.jit.trace
            graph: nn.Module = trace(tower.eval(), torch.zeros(1, 3, *size), check_trace=False)
    finally:
        torch.backends.mha.set_fastpath_enabled(was_fused)
    return graph


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
