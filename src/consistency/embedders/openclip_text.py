"""The text half of a CLIP model: texts to vectors that can be compared with those of pictures."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import open_clip
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from consistency.embedders.openclip_tower import traced
from consistency.embedders.openclip_weights import build_model
from consistency.errors import InputError, MissingBackend
from consistency.runtime.networks import open_network
from consistency.runtime.sessions import Session

LONGEST = 2000
"""Characters of a text that are looked at: several times what a model's tokens hold."""

REMEMBERED = 1024
"""Texts whose vectors are kept: assets of one batch share prompts."""

Vector = NDArray[np.float32]


class Text:
    """The text half, loaded when first asked; safe from several threads.

    Args:
        name: What determines the model: architecture, weights' sha256, OpenCLIP's version.
        architecture: As OpenCLIP names it.
        weights: The file with both halves.
        precision, device, threads: As for the image half.
    """

    def __init__(
        self, name: str, architecture: str, weights: Path, *, precision: str, device: str, threads: int | None
    ) -> None:
        self._name, self._architecture, self._weights = name, architecture, weights
        self._precision, self._device, self._threads = precision, device, threads
        self._session: Session | None = None
        self._tokenizer: Any = None
        self._known: OrderedDict[tuple[int, ...], Vector] = OrderedDict()
        self._lock = Lock()

    def embed(self, texts: Sequence[str]) -> tuple[NDArray[np.float32], tuple[bool, ...]]:
        """Return n×d vectors, and of each text whether it is longer than the model reads.

        Raises:
            InputError: No text, or something else than text.
            MissingBackend: The model's tokenizer is not on this machine.
        """
        if not texts or isinstance(texts, str) or not all(isinstance(text, str) for text in texts):
            raise InputError("a list of texts", type(texts).__name__ if texts else "none")
        with self._lock:
            rows = [self._tokens(text) for text in texts]
            return np.stack([self._vector(tokens) for tokens, _ in rows]), tuple(is_cut for _, is_cut in rows)

    def _vector(self, tokens: tuple[int, ...]) -> Vector:
        if tokens not in self._known:
            session = self._session = self._session or self._open()
            (found,) = session.run({session.inputs[0]: np.array([tokens], np.int64)}).values()
            self._known[tokens] = found[0]
        self._known.move_to_end(tokens)
        vector = self._known[tokens]
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return vector

    def _tokens(self, text: str) -> tuple[tuple[int, ...], bool]:
        """Return a row of tokens and whether the text was cut; what only looks like a start or an end is left out."""
        self._tokenizer = self._tokenizer or open_tokenizer(self._architecture)
        tokenizer = self._tokenizer
        ends = (tokenizer.sot_token_id, tokenizer.eot_token_id)
        shown = text[:LONGEST].encode("utf-8", "replace").decode()
        said = [token for token in tokenizer.encode(shown) if token not in ends]
        room = tokenizer.context_length - len(ends)
        row = [ends[0], *said[:room], ends[1]]
        padded = (*row, *[0] * (tokenizer.context_length - len(row)))
        return padded, len(said) > room or len(text) > LONGEST

    def _open(self) -> Session:
        tokens = (1, self._tokenizer.context_length)
        return open_network(
            f"{self._name} text half",
            lambda: traced(
                TextTower(build_model(self._architecture, self._weights)), torch.ones(tokens, dtype=torch.int64)
            ),
            tokens,
            precision=self._precision,
            threads=self._threads,
            device=self._device,
            dtype="int64",
        )


class TextTower(nn.Module):
    """The text half of a CLIP model, for rows of its own tokens."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        model.visual = None
        self.model = model

    def forward(self, tokens: Tensor) -> Tensor:
        """Return n×d of n×l tokens."""
        found: Tensor = self.model.encode_text(tokens)
        return found


def open_tokenizer(architecture: str) -> Any:
    """Return a tokenizer of its own, so that nothing of what it remembers is shared.

    Raises:
        MissingBackend: It would have to be fetched.
    """
    settings = (open_clip.get_model_config(architecture) or {}).get("text_cfg", {})
    if settings.get("hf_tokenizer_name") or settings.get("tokenizer_kwargs"):
        raise MissingBackend(f"the tokenizer of {architecture}", "one that would have to be fetched")
    return open_clip.get_tokenizer(architecture)
