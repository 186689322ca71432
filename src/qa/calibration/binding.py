"""What a calibration holds for: the measurement whose values people labelled, and no other."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass

from consistency.runtime.stored import Record, canonical_json


@dataclass(frozen=True)
class Binding:
    """The parts that decide which value a rule gives a picture.

    Attributes:
        rule: Its id: "identity.sneaker.subject".
        check: The check that measures it.
        version: That check's version.
        options: Sha256 of the options that the value depends on, with the bytes of the files they name.
        model: Spec id of the model; "" as long as no label has named it.
    """

    rule: str
    check: str
    version: int
    options: str
    model: str = ""

    @property
    def key(self) -> str:
        """Sha256 of all parts: equal where a calibration holds."""
        return digest(asdict(self))


def digest(content: object) -> str:
    """Return the sha256 of JSON content, whatever the order of its keys."""
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def binding_record(binding: Binding) -> Record:
    """Return a binding as it is stored, with its key."""
    return {**asdict(binding), "key": binding.key}


def read_binding(record: Record) -> Binding:
    """Return a stored binding.

    Raises:
        KeyError: A part is missing.
        ValueError: The parts are not those that the key was made of.
    """
    binding = Binding(record["rule"], record["check"], record["version"], record["options"], record["model"])
    if not all(isinstance(part, str) for part in (binding.rule, binding.check, binding.options, binding.model)):
        raise ValueError("a binding whose parts are no text")
    if binding.key != record["key"]:
        raise ValueError(f"the binding of {binding.rule} was changed")
    return binding
