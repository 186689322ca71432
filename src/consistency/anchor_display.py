"""What an anchor is made of, for people: as lines, and as a piece of a page with pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from consistency.agreement import FEWEST, floor_for
from consistency.display import data_uri, escape, jpeg_bytes
from consistency.template import Template
from consistency.thumbnails import THUMBNAIL_SIDE


def description(name: str, templates: Mapping[str, Template], references: Sequence[str]) -> str:
    """Return the lines of `Anchor.describe`."""
    lines = [f"{name}: {len(references)} reference{'s' if len(references) != 1 else ''}"]
    for facet, template in templates.items():
        lines.append(f"{facet}: {spread(facet, template)} ({template.spec})")
        lines += [f"  {label}: {said}" for label, said in rows(template, references)]
        if len(template.not_like):
            lines.append(f"  {beside(template)}")
    return "\n".join(lines)


def page_piece(
    name: str, templates: Mapping[str, Template], references: Sequence[str], thumbnails: NDArray[np.uint8]
) -> str:
    """Return a table as HTML: a row per reference and facet, with the reference's picture."""
    parts = [f"<h4>{escape(name)}</h4>"]
    for facet, template in templates.items():
        parts.append(
            f"<p>{escape(facet)}: {escape(spread(facet, template))} <small>{escape(template.spec)}</small></p><table>"
        )
        for thumb, (label, said) in zip(thumbnails, rows(template, references), strict=True):
            source = data_uri(jpeg_bytes(thumb))
            picture = f'<img src="{source}" alt="{escape(label)}" width="{THUMBNAIL_SIDE}">'
            parts.append(f"<tr><td>{picture}</td><td>{escape(label)}</td><td>{escape(said)}</td></tr>")
        parts.append("</table>")
        if len(template.not_like):
            parts.append(f"<p>{beside(template)}</p>")
    return "".join(parts)


def spread(facet: str, template: Template) -> str:
    """Return how far the references of a facet lie apart, in words, and whether wrong ones were looked for."""
    own = template.own_similarities
    if not len(own):
        return "one reference, so nothing is known of how much the subject varies"
    told = f"{len(own)} references, similarity to the others {own.min():.2f} to {own.max():.2f}"
    is_checked = len(own) < FEWEST or floor_for(template.spec, facet) is not None
    return told if is_checked else f"{told}; which are wrong is not told: nothing is known of this model's right ones"


def beside(template: Template) -> str:
    """Return how many pictures it must not be taken for."""
    return f"beside {len(template.not_like)} it must not look like"


def rows(template: Template, references: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield, for every reference, its label and either its part in the template or why it has none."""
    dropped = {each.index: each.reason for each in template.dropped}
    kept = iter(template.own_similarities)
    part = "a look of its own" if template.has_looks else f"weight {1 / len(template.references):.2f}"
    for index, key in enumerate(references):
        label = f"reference {index + 1} ({key[:8]})"
        if index in dropped:
            yield label, f"left out: {dropped[index]}"
        else:
            own = next(kept, None)
            said = "" if own is None else f", similarity to the others {own:.2f}"
            yield label, f"{part}{said}"
