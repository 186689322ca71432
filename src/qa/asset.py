"""What is judged, and what it should show: Asset, Brief, Provenance, Edit."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from consistency.errors import ConsistencyError, ImageError, InputError
from consistency.image import Image, ImageSource, load_image
from consistency.region import Box, Mask


@dataclass(frozen=True)
class Brief:
    """What one asset must show.

    Args:
        id: Its name in reports; the key in a briefs file.
        subjects: Names of kit subjects that must appear; None leaves the kit's `always: true` ones.
        values: Values for the kit's `{placeholders}`: {"price": "€ 49"}.
        placement: Where it will run, selects kit entries by `when: {placement: story}`.
        locale: Language tag, selects kit entries by `when: {locale: de}`.
        prompt: The prompt it was generated from.

    Raises:
        InputError: Subjects that are one string, a value that is no text.
    """

    id: str = ""
    subjects: tuple[str, ...] | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    placement: str = ""
    locale: str = ""
    prompt: str = ""

    def __post_init__(self) -> None:
        if isinstance(self.subjects, str):
            raise InputError("subjects as a tuple of names", repr(self.subjects), f"write ({self.subjects!r},)")
        for name, value in self.values.items():
            if not isinstance(value, str):
                hint = "write it as the picture must show it"
                raise InputError(f"text as the value of {{{name}}}", repr(value), hint)

    @property
    def hash(self) -> str:
        """Sha256 of what the brief says, its id left out."""
        content = {
            "subjects": self.subjects,
            "values": dict(self.values),
            "placement": self.placement,
            "locale": self.locale,
            "prompt": self.prompt,
        }
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


@dataclass(frozen=True)
class Provenance:
    """How an asset came to be: for statistics, never judged."""

    generator: str = ""
    model: str = ""
    prompt: str = ""
    seed: int | None = None
    phase: str = ""
    cost: float | None = None
    seconds: float | None = None
    guide: str = ""


@dataclass(frozen=True)
class Edit:
    """The edit that made this asset; the check `locality` holds it to what it was allowed to change.

    Args:
        before: The picture before it.
        mask: Where it was allowed to change, in pixels of the picture before.
        kind: What was done, in a word: "recolor", "retouch".
        crop: What of the picture before is left; None where it was not cut.

    Raises:
        InputError: The mask is of another size than the picture before, or the crop is not inside it.
    """

    before: Image
    mask: Mask
    kind: str = "edit"
    crop: Box | None = None

    def __post_init__(self) -> None:
        height, width = self.before.height, self.before.width
        if (self.mask.height, self.mask.width) != (height, width):
            size = f"{self.mask.width}×{self.mask.height}"
            raise InputError(f"a mask of the {width}×{height} picture before the edit", size)
        if self.crop is not None and self.crop.clipped(height, width) != self.crop:
            raise InputError(f"a crop inside the {width}×{height} picture before the edit", self.crop)


@dataclass(frozen=True, eq=False)
class Asset:
    """One generated picture with its brief. `Asset.read` makes it from anything `load_image` takes.

    An asset whose picture cannot be read has `image` None and the reason in `fault`. `source` is what it was read
    from: a repair works on the file's own samples.
    """

    name: str
    image: Image | None
    brief: Brief = Brief()
    kind: str = "image"
    provenance: Provenance = Provenance()
    edit: Edit | None = None
    attempt: int = 1
    parent: str | None = None
    fault: ConsistencyError | None = None
    fault_key: str = ""
    source: ImageSource | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if (self.image is None) == (self.fault is None):
            raise InputError("an image, or the fault why there is none", "both or neither")
        if self.attempt < 1:
            raise InputError("an attempt ≥ 1", self.attempt)

    @property
    def key(self) -> str:
        """Sha256 of the file's bytes, or of dtype, shape and C-order bytes for arrays; "" where unreadable."""
        return self.image.key if self.image is not None else self.fault_key

    @classmethod
    def read(
        cls,
        source: ImageSource,
        *,
        name: str = "",
        brief: Brief | None = None,
        provenance: Provenance | None = None,
        attempt: int = 1,
        edit: Edit | None = None,
    ) -> Asset:
        """Read a picture into an asset; one that cannot be read becomes an asset with a `fault`.

        Args:
            source: A path, bytes, PIL image, array, tensor or `Image`: whatever `load_image` takes.
            name: Its name in reports; default the path as given (an absolute one shortened to the file's name),
                else the first characters of its key.
            brief: What it must show; None judges by the kit's defaults.
            provenance: How it came to be.
            attempt: Which try at this brief it is, from 1.
            edit: The edit that made it, for the check `locality`.

        Raises:
            MemoryError: Our fault, not the picture's, so it is not turned into a `fault`.
        """
        image, fault = None, None
        try:
            image = load_image(source)
        except ImageError as error:
            fault = error
        key = image.key if image is not None else getattr(fault, "key", "")
        given = name or name_of(source) or key[:12] or "asset"
        return cls(
            given,
            image,
            brief or Brief(),
            provenance=provenance or Provenance(),
            edit=edit,
            attempt=attempt,
            fault=fault,
            fault_key=key,
            source=source,
        )


@dataclass(frozen=True, eq=False)
class Unread:
    """An asset still to be read: what a long run holds, so that pictures are decoded only when their turn comes.

    Args are those of `Asset.read`.
    """

    source: ImageSource
    name: str = ""
    brief: Brief | None = None
    provenance: Provenance | None = None
    attempt: int = 1

    def read(self) -> Asset:
        """Decode the picture."""
        return Asset.read(
            self.source, name=self.name, brief=self.brief, provenance=self.provenance, attempt=self.attempt
        )


def name_of(source: object) -> str:
    """Return the posix name of a path as given, an absolute one shortened to its last part; "" for anything else."""
    if not isinstance(source, (str, Path)):
        return ""
    path = Path(source)
    return path.name if path.is_absolute() else PurePosixPath(path.as_posix()).as_posix()
