"""Many subjects at once: which of a thousand anchors an embedding is nearest to."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from consistency.errors import InputError, SpecMismatch
from consistency.facets import Seen
from consistency.template import DIGITS, Template


class TemplateIndex:
    """The templates of many subjects, of one facet and model, held together.

    Use it to search; `Template.score` says of one subject all that is known, with places and what it must not be like.

    Args:
        templates: Name → template; at least one, all of one spec.

    Raises:
        InputError: None, or of different sizes.
        SpecMismatch: Templates of different models.

    Attributes:
        names: In the order of the similarities.
        spec: Spec id of the model.
    """

    def __init__(self, templates: Mapping[str, Template]) -> None:
        if not templates:
            raise InputError("at least one template", "none")
        self.names = tuple(templates)
        self.spec, *others = dict.fromkeys(template.spec for template in templates.values())
        if others:
            raise SpecMismatch(f"templates of {self.spec}", others[0], "rebuild the anchors")
        sizes = {len(template.mean) for template in templates.values()}
        if len(sizes) != 1:
            raise InputError("templates of one size", sorted(sizes))
        self._means = np.stack([template.mean for template in templates.values()]).astype(np.float32)

    def similarities(self, seen: Seen) -> NDArray[np.float32]:
        """Return the cosine to each template in [-1, 1], rounded to 4 decimals: that of the most similar place.

        Raises:
            SpecMismatch: The picture was seen by another model.
            InputError: It shows nothing; its `code` and `reason` say why.
        """
        if seen.spec != self.spec:
            raise SpecMismatch(f"embeddings of {self.spec}", seen.spec, "rebuild the anchors")
        if seen.code:
            raise InputError("a picture that shows the facet", seen.code, seen.reason)
        # Row by row, on one core: a product of matrices waits for all cores, a hundred times as long on a busy machine.
        found = np.stack([np.vecdot(self._means, vector) for vector in seen.vectors])
        return np.asarray(np.round(found.max(axis=0), DIGITS) + np.float32(0))

    def nearest(self, seen: Seen, count: int = 10) -> list[tuple[str, float]]:
        """Return the names of the most similar subjects with their similarities, the most similar first.

        Of equals the one that was given first. Raises as `similarities`.
        """
        found = self.similarities(seen)
        order = np.argsort(-found, kind="stable")[:count]
        return [(self.names[place], round(float(found[place]), DIGITS)) for place in order]
