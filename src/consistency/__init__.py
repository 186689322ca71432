"""Measures pictures: the one door for images, embedders, anchors. Names load when first used."""

from importlib import import_module
from typing import TYPE_CHECKING

__all__ = ["Anchor", "AnchorSet", "ConsistencyError", "Image", "ImageError", "load_embedder", "load_image"]

if TYPE_CHECKING:
    from consistency.anchor import Anchor
    from consistency.anchor_set import AnchorSet
    from consistency.embedders.embedder import load_embedder
    from consistency.errors import ConsistencyError, ImageError
    from consistency.image import Image, load_image
else:  # hidden from type checkers, which would take every misspelt name for one of these
    _HOMES = {
        "Anchor": "consistency.anchor",
        "AnchorSet": "consistency.anchor_set",
        "ConsistencyError": "consistency.errors",
        "Image": "consistency.image",
        "ImageError": "consistency.errors",
        "load_embedder": "consistency.embedders.embedder",
        "load_image": "consistency.image",
    }

    def __getattr__(name):
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_HOMES[name]), name)

    def __dir__():
        return sorted([*globals(), *_HOMES])
