"""The calibration that a kit names: read with the kit's other files, checked before anything is judged."""

from __future__ import annotations

from collections.abc import Sequence

from consistency.errors import StoredFormatError
from qa.calibration.calibration_file import Calibration
from qa.calibration.reading import read_calibration
from qa.kit.folder import KitFolder
from qa.kit.problems import Problem, Problems
from qa.kit.reading import Document
from qa.kit.validating import place_of

KEY = "calibration"


def calibration_of(
    document: Document, names: Sequence[str] | None, folder: KitFolder, problems: Problems
) -> Calibration | None:
    """Return the calibration that a kit names, None without one, or with what is wrong with it noted at its line."""
    if names is None or names[0] not in folder.files:
        return None
    try:
        return read_calibration(folder.files[names[0]])
    except StoredFormatError as error:
        at = (KEY, 0) if (KEY, 0) in document.places else (KEY,)
        problems.add(Problem(place_of(document, at).value, KEY, error.expected, error.got or "", error.hint))
        return None
