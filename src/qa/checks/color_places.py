"""From the place a kit states for a colour to the pixels of one asset that it claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from consistency.errors import ImageError, InputError, NotEvaluable, unknown_name
from consistency.image import load_image
from consistency.region import BoolMask
from qa.asset import Brief
from qa.checks.color_options import ColorOptions, Place
from qa.checks.identity_options import SubjectsOptions
from qa.checks.identity_rules import files_of
from qa.checks.inks import Ink, ink_of
from qa.checks.required_texts import RequiredMatch, applying, required_texts
from qa.checks.text_options import TextOptions
from qa.color.claims import Claim, fitted_mask, read_mask
from qa.color.palette import Palette
from qa.color.reference_parts import ReferenceParts, keypoints
from qa.evidence import Evidence
from qa.kit.kit import BrandKit
from qa.kit.problems import kit_error


@dataclass(frozen=True, eq=False)
class Places:
    """What the kit states outside its colours, as far as their places name it.

    Attributes:
        masks: Name of the file → H×W.
        texts: The section `text`.
        subjects: Name of the subject → the parts of its references.
    """

    masks: Mapping[str, BoolMask] = field(default_factory=dict)
    texts: TextOptions = field(default_factory=TextOptions)
    subjects: Mapping[str, ReferenceParts] = field(default_factory=dict)

    @classmethod
    def from_kit(cls, kit: BrandKit, colors: Mapping[str, ColorOptions]) -> Self:
        """Read what the places of a kit's colours name.

        Raises:
            KitError: A mask that is no picture or is empty; a text or subject that the kit does not have.
        """
        places = {name: options.where for name, options in colors.items()}
        masks = {name: read_mask_of(kit, name) for place in places.values() for name in place.mask}
        texts = kit.section("text", TextOptions)
        subjects = kit.section("subjects", SubjectsOptions).root
        for name, place in places.items():
            check_known(kit, name, place.text, [entry.id for entry in texts.required])
            check_known(kit, name, place.subject, list(subjects))
        named = {place.subject for place in places.values() if place.subject}
        parts = {name: ReferenceParts(files_of(kit, subjects[name].references), kit.background) for name in named}
        return cls(masks, texts, parts)

    def applies(self, place: Place, brief: Brief) -> bool:
        """Whether a place can be on an asset with this brief: not where its text is not required."""
        return place.text is None or any(entry.id == place.text for entry in applying(self.texts, brief))

    def claim(self, place: Place, palette: Palette, index: int, evidence: Evidence) -> Claim | None:
        """Return what a place claims on one asset; None where the colour has to be found.

        Raises:
            NotEvaluable: A mask of another shape, a text that was not found or whose letters cannot be told.
            OutsidePicture: A box that does not meet the picture.
        """
        image = evidence.image
        if place.box is not None:
            box = place.box.resolve(image.height, image.width).clipped(image.height, image.width)
            if box is None:
                raise OutsidePicture("a box that meets the picture", str(place.box))
            return Claim("box", box)
        if place.mask:
            mask = fitted_mask(self.masks[place.mask[0]], image.height, image.width)
            return Claim.of_mask("mask", mask)
        if place.text is not None:
            return self.letters(place.text, evidence)
        if place.subject is not None:
            points = evidence.recall("color.keypoints", lambda: keypoints(image))
            return self.subjects[place.subject].claim(points, image, palette, index)
        return None

    def letters(self, text: str, evidence: Evidence) -> Claim:
        """Return the letters of a required text.

        Raises:
            NotEvaluable: It was not found, or its letters cannot be told from their background.
        """
        match = next(one for one in required_texts(self.texts, evidence).matches if one.entry.id == text)
        strokes, core = evidence.recall(("ink", self.texts, text), lambda: ink_of_match(match, evidence))
        claim = Claim.of_mask("text", strokes, core)
        if claim is None or not core.any():
            raise NotEvaluable("color.unclear", f"letters of the text {text!r}", "none")
        return claim


class OutsidePicture(InputError):
    """A place that lies outside the picture."""


def ink_of_match(match: RequiredMatch, evidence: Evidence) -> Ink:
    """Return the letters of what was found for a required text."""
    if match.span is None:
        raise NotEvaluable("color.unclear", f"the text {match.entry.id!r}, whose colour is wanted", "not found")
    try:
        return ink_of(match.span.words, evidence.image.pixels)
    except NotEvaluable as error:
        raise NotEvaluable("color.unclear", error.expected, error.got, error.hint) from None


def read_mask_of(kit: BrandKit, name: str) -> BoolMask:
    """Return a mask that the kit names."""
    try:
        (file,) = kit.expand(name)
        return read_mask(load_image(kit.files[file]))
    except (InputError, ImageError) as error:
        raise kit_error(kit.source or kit.name, error.expected, f"{name}: {error.got}", error.hint) from None
    except ValueError:
        raise kit_error(kit.source or kit.name, "one file as a mask", name) from None


def check_known(kit: BrandKit, color: str, name: str | None, known: list[str]) -> None:
    """Refuse a place that names what the kit does not have."""
    if name is not None and name not in known:
        error = unknown_name("place", name, known) if known else InputError("something the kit has", name)
        raise kit_error(kit.source or kit.name, f"colors.{color}.where: {error.expected}", name, error.hint)
