"""Custom EasyOCR networks: NAME.py, NAME.yaml and NAME.pth in a folder, none of them believed before its hash.

NAME.py is Python code, and whoever can write to the folder could write another. So the hash comes from the caller,
never from a kit, and covers all three files in this order. Any shell with coreutils tells it:

    sha256sum NAME.py NAME.yaml NAME.pth | sha256sum

Each file is read once: the bytes that were hashed are the bytes that are used. EasyOCR's own loader is not, because it
imports by name, so that another module of that name would be run instead, unpickles with all of Python allowed, and
changes the height of crops for every reader in the process.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
import yaml

from consistency.errors import InputError, MissingBackend, WeightsError
from qa.text.easyocr_networks import WeightFile, open_checked, path_kept, tensors
from qa.text.easyocr_recognition import HEIGHT

SUFFIXES = (".py", ".yaml", ".pth")
"""In the order in which they are hashed."""

KINDS = {"lang_list": list, "character_list": str, "network_params": dict, "imgH": int}
"""What NAME.yaml has to hold; without `imgH` it is EasyOCR's own."""


@dataclass(frozen=True)
class CustomNetwork:
    """A network whose files are the ones that the caller stated.

    Attributes:
        name: What its files are called.
        sha256: Of all of them.
        code: NAME.py.
        weights: NAME.pth.
        description: What NAME.yaml says: `lang_list`, `character_list`, `network_params`, `imgH`.
    """

    name: str
    sha256: str
    code: bytes = field(repr=False)
    weights: bytes = field(repr=False)
    description: Mapping[str, Any]

    @property
    def height(self) -> int:
        """Rows of its input."""
        return int(self.description["imgH"])

    @property
    def languages(self) -> frozenset[str]:
        """What it reads, in EasyOCR's names."""
        return frozenset(str(each) for each in self.description["lang_list"])


def read_custom(folder: Path, name: str, stated: str) -> CustomNetwork:
    """Return a network whose files have the hash that is stated; nothing of it is run or unpickled.

    Args:
        folder: Where its files are.
        name: What they are called.
        stated: The sha256 of them, 64 hexadecimal digits.

    Raises:
        InputError: No hash or none that is one; the message says what lies there. Or its description has other keys.
        MissingBackend: A file is missing.
        WeightsError: The files have another hash.
    """
    files = [_bytes(folder / f"{name}{suffix}") for suffix in SUFFIXES]
    found = combined_sha256(name, files)
    if not re.fullmatch("[0-9a-f]{64}", stated):
        raise InputError(
            f'"{name}@" and the sha256 of {name}.py, {name}.yaml and {name}.pth',
            stated or "no hash",
            f'{name}.py is Python code that would be run: read it, then write "{name}@{found}" for what lies there now',
        )
    if found != stated:
        raise WeightsError(
            f"{name}.py, {name}.yaml and {name}.pth with sha256 {stated}",
            found,
            f"use the files that were checked; {name}.py is code, and none of it was run",
        )
    code, described, weights = files
    return CustomNetwork(name, found, code, weights, _description(name, described))


def combined_sha256(name: str, files: Sequence[bytes]) -> str:
    """Return what `sha256sum NAME.py NAME.yaml NAME.pth | sha256sum` prints for a network's three files."""
    lines = (f"{sha256(data).hexdigest()}  {name}{suffix}\n" for data, suffix in zip(files, SUFFIXES, strict=True))
    return sha256("".join(lines).encode()).hexdigest()


def open_custom(network: CustomNetwork, names: Sequence[str], detector: WeightFile, device: str) -> Any:
    """Return an `easyocr.Reader` with EasyOCR's detector and a custom recogniser; runs the network's code.

    Args:
        network: Its files, checked.
        names: Languages, all of them in its `lang_list`.
        detector: The detector's weights, checked.
        device: "cpu" or "cuda".

    Raises:
        InputError: Languages that it does not read.
        WeightsError: Its weights hold more than tensors, or its code does not make a `Model` that fits them.
    """
    unknown = set(names) - network.languages
    if unknown:
        raise InputError(f"languages among {', '.join(sorted(network.languages))}", ", ".join(sorted(unknown)))
    recogniser = _recogniser(network)
    reader = open_checked(["en"], [detector], device, recognizer=False)
    try:
        reader.setLanguageList(list(names), network.description)
    except FileNotFoundError as error:
        raise InputError("languages that EasyOCR has characters of", ", ".join(names)) from error
    reader.model_lang, reader.character = network.name, network.description["character_list"]
    reader.recognizer = recogniser.to(device)
    return reader


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        raise MissingBackend(
            f"{path.name} in {path.parent}", "none", "a custom network is NAME.py, NAME.yaml, NAME.pth"
        )
    return path.read_bytes()


def _description(name: str, data: bytes) -> Mapping[str, Any]:
    try:
        found = yaml.safe_load(data)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(f"{name}.yaml in YAML", type(error).__name__) from error
    fields = dict(found) if isinstance(found, dict) else {}
    fields["imgH"] = fields.get("imgH") or HEIGHT
    wrong = [key for key, kind in KINDS.items() if not isinstance(fields.get(key), kind)]
    if wrong:
        raise InputError(f"{name}.yaml with {', '.join(KINDS)}", f"a wrong or no {', '.join(wrong)}")
    return fields


def _recogniser(network: CustomNetwork) -> torch.nn.Module:
    held = tensors(network.weights, f"{network.name}.pth")
    classes = len(network.description["character_list"]) + 1
    try:
        # EasyOCR's networks are saved from a wrapper for several GPUs, which puts "module." before every name.
        state = {key.removeprefix("module."): value for key, value in held.items()}
        with _imported(network) as module:
            recogniser: torch.nn.Module = module.Model(num_class=classes, **network.description["network_params"])
        recogniser.load_state_dict(state)
    except Exception as error:
        wanted = f"{network.name}.py to make a Model that {network.name}.pth fits"
        raise WeightsError(wanted, f"{type(error).__name__}: {error}", "see EasyOCR's custom networks") from error
    return recogniser


@contextmanager
def _imported(network: CustomNetwork) -> Iterator[ModuleType]:
    """Run a network's code as a module that nothing else can import, not even afterwards."""
    name = f"easyocr_network_{network.name}_{network.sha256}"
    module = ModuleType(name)
    sys.modules[name] = module
    try:
        with path_kept():
            exec(compile(network.code, f"{network.name}.py", "exec", dont_inherit=True), module.__dict__)  # noqa: S102
            yield module
    finally:
        sys.modules.pop(name, None)
