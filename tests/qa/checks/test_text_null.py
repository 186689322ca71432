"""Unedited photographs hardly ever raise unexpected text."""

import numpy as np
import pytest
from PIL import Image

from consistency.image import load_image
from qa.text.matching import match
from qa.text.reader import load_reader
from qa.text.references import ReferenceTexts
from qa.text.second_look import look_smaller
from qa.text.unexpected import seen_again, unexplained, unknown
from shared_data import shared_path

PHOTOGRAPHS = ("astronaut", "coffee", "chelsea", "rocket", "camera", "coins", "moon", "brick", "grass", "gravel")


@pytest.fixture(scope="module")
def reader():
    return load_reader("rapidocr")


def strange(reader, pixels, references=None) -> list[str]:
    """What would be reported; references are read only where there is something to explain."""
    runs = unexplained(match(reader.read(pixels), []).left)
    if runs and references is not None:
        runs = unknown(runs, references.read(reader))
    if runs:
        runs = seen_again(runs, look_smaller(reader, pixels))
    return [" ".join(word.text for word in run) for run in runs]


def test_photographs_without_text_raise_no_warning(reader):
    data = pytest.importorskip("skimage.data")
    pictures = [np.asarray(getattr(data, name)()) for name in PHOTOGRAPHS]
    colour = [picture if picture.ndim == 3 else np.stack([picture] * 3, axis=-1) for picture in pictures]
    assert [strange(reader, np.ascontiguousarray(picture)) for picture in colour] == [[]] * len(PHOTOGRAPHS)


def test_product_photographs_are_quiet_beside_their_references(reader):
    """Every third photograph beside three references of its subject: a guard against getting louder, no estimate."""
    root = shared_path("data/identity_products")
    warned = judged = 0
    for folder in sorted(path for path in root.iterdir() if path.is_dir()):
        photographs = sorted(folder.glob("*.jpg"))
        references = ReferenceTexts({path.name: path.read_bytes() for path in photographs[:3]})
        for path in photographs[3::3]:
            judged += 1
            warned += bool(strange(reader, small(path), references))
    assert judged >= 10
    assert warned <= 1


def small(path) -> np.ndarray:
    """The photograph at 768 pixels, to save time; text on it stays readable."""
    image = Image.fromarray(load_image(path).pixels)
    image.thumbnail((768, 768))
    return np.array(image)
