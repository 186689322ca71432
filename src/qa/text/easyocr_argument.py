"""What stands after "easyocr:" in the name of a reader: languages, a folder, and a custom network with its hash."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from consistency.errors import MissingBackend


@dataclass(frozen=True)
class Wanted:
    """What an argument names.

    Attributes:
        names: Languages.
        folder: Where the weights are.
        network: A custom network; "" for the stock one.
        sha256: Its hash as stated.
    """

    names: tuple[str, ...]
    folder: Path
    network: str = ""
    sha256: str = ""

    @classmethod
    def parse(cls, argument: str) -> Wanted:
        """Split "LANGUAGES:FOLDER" or "LANGUAGES:FOLDER:NAME@SHA256".

        Raises:
            MissingBackend: No languages or folder are named, or the folder is not there.
        """
        languages, _, rest = argument.partition(":")
        custom = re.fullmatch(r"(.+):([A-Za-z_]\w*)(?:@(.*))?", rest, re.ASCII)
        folder, network, sha256 = custom.groups() if custom else (rest, "", "")
        names = names_of(languages)
        if not names or not folder:
            raise MissingBackend(
                "languages and a folder of EasyOCR weights",
                argument or "none",
                'run "qa models pull easyocr:LANGUAGES --to FOLDER" once, then name it as "easyocr:en,de:/folder"',
            )
        if not Path(folder).is_dir():
            hint = f'run "qa models pull easyocr:{",".join(names)} --to FOLDER" once'
            raise MissingBackend("a folder of EasyOCR weights", folder, hint)
        return cls(names, Path(folder), network, (sha256 or "").lower())


def names_of(languages: str) -> tuple[str, ...]:
    """Return the languages of "en, de"."""
    return tuple(name.strip() for name in languages.split(",") if name.strip())
