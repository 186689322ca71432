"""From reference pictures to the template of a facet: read, the wrong ones named, the rest kept."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from consistency.agreement import floor_for, odd_ones
from consistency.errors import AnchorError, ImageError, InputError, SpecMismatch
from consistency.facets import OF_LOOKS, Seen
from consistency.image import Image, ImageSource, load_image
from consistency.template import Dropped, Template
from consistency.views import View, views_of

MOST_REFERENCES = 10
SMALLEST_SIDE = 32
"""Pixels: below, an embedder sees mostly its own enlargement."""

WHITE = (255, 255, 255)


def read_references(
    sources: Sequence[ImageSource], *, background: tuple[int, int, int] = WHITE, is_needed: bool = True
) -> dict[str, Image]:
    """Read references into key → picture on a plain background; the same file twice counts once.

    Raises:
        AnchorError: None, more than 10 (of those needed), one that cannot be read or is too small.
    """
    if is_needed and not 1 <= len(sources) <= MOST_REFERENCES:
        raise AnchorError(f"1 to {MOST_REFERENCES} references", len(sources))
    found: dict[str, Image] = {}
    for index, source in enumerate(sources, 1):
        image = _read(source, index, background)
        found[image.key] = image
    return found


def refuse_doubles(sources: Sequence[ImageSource]) -> None:
    """Refuse references of which one is another's copy to the byte: it would count twice.

    Raises:
        AnchorError: Named by their places, from 1.
    """
    first: dict[str, int] = {}
    for index, source in enumerate(sources, 1):
        key = _read(source, index, WHITE).key
        if key in first:
            raise AnchorError("references that differ", f"{first[key]} and {index} of the same bytes", "leave one out")
        first[key] = index


def build_template(name: str, facet: str, seen: Sequence[Seen], against: Sequence[Seen] = ()) -> Template:
    """Make the template of one facet; references that do not show it, or something else, are left out and named.

    Args:
        name: The subject, for messages.
        facet: The facet.
        seen: What each reference shows, in order; only its first place counts.
        against: What each picture shows that it must not be taken for.

    Raises:
        AnchorError: No reference shows the facet, or no majority of them shows one subject.
        SpecMismatch: The references were seen by different models.
    """
    shown = [(index, each) for index, each in enumerate(seen) if not each.code]
    if not shown:
        raise AnchorError(f"a reference of {name!r} that shows its {facet}", "; ".join(each.reason for each in seen))
    negatives = [each for each in against if not each.code]
    spec = shown[0][1].spec
    if any(each.spec != spec for each in (*(each for _, each in shown), *negatives)):
        raise SpecMismatch("references seen by one model", sorted({each.spec for _, each in shown}))
    vectors = np.concatenate([each.vectors[:1] for _, each in shown])
    odd = _odd([index for index, _ in shown], vectors, spec, facet)
    hidden = [Dropped(index, facet, each.reason) for index, each in enumerate(seen) if each.code]
    kept = [place for place, (index, _) in enumerate(shown) if index not in {each.index for each in odd}]
    others = [each.vectors[:1] for each in negatives]
    return Template(
        spec,
        vectors[kept],
        np.concatenate(others) if others else np.zeros_like(vectors[:0]),
        tuple(sorted((*hidden, *odd), key=lambda each: each.index)),
        facet in OF_LOOKS,
    )


def kept_views(pictures: Sequence[Image], seen: Sequence[Seen], template: Template) -> tuple[View, ...]:
    """Return what changes are told by, of those references that are part of the subject's template.

    Args:
        pictures: The references.
        seen: What each shows of the subject.
        template: What was made of them.
    """
    left_out = {each.index for each in template.dropped}
    kept = [index for index in range(len(pictures)) if index not in left_out]
    return views_of([pictures[index].pixels for index in kept], [seen[index].boxes[0] for index in kept])


def _odd(places: Sequence[int], vectors: np.ndarray, spec: str, facet: str) -> list[Dropped]:
    """Return the references unlike the others; none where nothing is known of how alike right ones are."""
    floor = floor_for(spec, facet)
    if floor is None:
        return []
    return [
        Dropped(
            places[odd.index],
            facet,
            f"unlike the others: mean similarity {odd.similarity:.2f}, 99 % of right references reach {floor:.2f}",
        )
        for odd in odd_ones(vectors, floor)
    ]


def _read(source: ImageSource, index: int, background: tuple[int, int, int]) -> Image:
    try:
        image = load_image(source).on_background(background)
    except (ImageError, InputError) as error:
        raise AnchorError(f"a readable reference {index}", error) from error
    if min(image.height, image.width) < SMALLEST_SIDE:
        got = f"{image.width}×{image.height}"
        raise AnchorError(f"a reference {index} of at least {SMALLEST_SIDE}×{SMALLEST_SIDE} pixels", got)
    return image
