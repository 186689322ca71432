"""The ICC profile that a kit names for its CMYK colours: read before the colours are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from consistency.errors import InputError
from qa.color.cmyk import check_cmyk_profile
from qa.kit.folder import KitFolder
from qa.kit.patterns import is_glob, why_not_inside
from qa.kit.problems import KitError, Problem
from qa.kit.reading import Document
from qa.kit.validating import place_of

KEY = "cmyk_profile"


def read_profiles(document: Document, folder: KitFolder) -> Mapping[str, bytes]:
    """Return {"cmyk": bytes} where a kit names a profile; {} where not, or where validation will say what is wrong.

    Raises:
        KitError: The file is missing, or no profile for CMYK.
    """
    stated = document.tree.get(KEY)
    at = (KEY, 0) if isinstance(stated, list) else (KEY,)
    name = stated[0] if isinstance(stated, list) and len(stated) == 1 else stated
    if not isinstance(name, str) or is_glob(name) or why_not_inside(name):
        return {}
    spot = place_of(document, at if at in document.places else (KEY,)).value
    if document.places:
        name = (PurePosixPath(spot.file).parent / name).as_posix()
    try:
        folder.read(name)
        check_cmyk_profile(folder.files[name])
    except InputError as error:
        raise KitError([Problem(spot, KEY, error.expected, error.got or "", error.hint)]) from None
    return {"cmyk": folder.files[name]}
