"""Recognisers of other scripts that the rapidocr package knows and does not carry; fetched when a person asks for it.

Names, files and hashes are those of rapidocr 3.10.0, `default_models.yaml`, PP-OCRv5 for onnxruntime. Arabic is left
out: in which order its letters come out is not checked here.
"""

from __future__ import annotations

from pathlib import Path

from consistency.errors import InputError, MissingBackend, WeightsError
from consistency.runtime.weights import file_sha256

RECOGNISERS: dict[str, str] = {
    "korean": "cd6e2ea50f6943ca7271eb8c56a877a5a90720b7047fe9c41a2e541a25773c9b",
    "latin": "b20bd37c168a570f583afbc8cd7925603890efbcdc000a59e22c269d160b5f5a",
    "eslav": "08705d6721849b1347d26187f15a5e362c431963a2a62bfff4feac578c489aab",
    "cyrillic": "90f761b4bfcce0c8c561c0cb5c887b0971d3ec01c32164bdf7374a35b0982711",
    "th": "de541dd83161c241ff426f7ecfd602a0ba77d686cf3ab9a6c255ea82fd08006e",
    "el": "b4368bccd557123c702b7549fee6cd1e94b581337d1c9b65310f109131542b7f",
    "devanagari": "d6f0a906580e3fa6b324a318718f1f31f268b6ea8ef985f91c2012a37f52c91e",
    "ta": "a42448808b7dea87597336f12438935f40353f1949e8360acd9e06b4da21bfe1",
    "te": "a3690451b50028a09a3316a1274f7c05728151ea3f8fd392696397a7fefcbd92",
}
"""Script or language → sha256 of its recogniser's file."""


def recogniser_file(argument: str) -> tuple[Path, str]:
    """Return the recogniser that "SCRIPT:FOLDER" names, and its sha256, compared with the pinned one.

    Raises:
        InputError: No recogniser of that script is known.
        MissingBackend: No folder was named, or the file is not in it.
        WeightsError: The file is not the pinned one.
    """
    script, _, folder = argument.partition(":")
    name, pinned = file_name(script), RECOGNISERS[script]
    path = Path(folder) / name
    if not folder or not path.is_file():
        command = f"qa models pull rapidocr:{script} --to FOLDER"
        hint = f'run "{command}" once, then name it as "rapidocr:{script}:FOLDER"'
        raise MissingBackend(f"the recogniser {name} in a folder", folder or "no folder", hint)
    found = file_sha256(path)
    if found != pinned:
        raise WeightsError(f"{name} with sha256 {pinned}", found, "fetch it again")
    return path, pinned


def file_name(script: str) -> str:
    """Return the file of a script's recogniser.

    Raises:
        InputError: No recogniser of that script is known.
    """
    if script not in RECOGNISERS:
        raise InputError(f"one of the scripts {', '.join(sorted(RECOGNISERS))}", script)
    return f"{script}_PP-OCRv5_rec_mobile.onnx"
