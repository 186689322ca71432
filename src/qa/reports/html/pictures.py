"""The previews of a run as data URIs, smaller where there are many, so that one file stays one file."""

from __future__ import annotations

import io

from markupsafe import Markup
from PIL import Image as Pillow

from consistency.display import data_uri
from consistency.region import Box
from qa.reports.jsonl import StoredRun

SIDES = ((120, 512), (500, 288), (2000, 192))
"""Up to so many assets, the longest side of a preview; some 5 to 10 MB of pictures at each step."""

SMALLEST = 128
QUALITY = 78


class Pictures:
    """The previews of a run, each encoded once.

    Args:
        run: The run; without a folder of pictures there are none.
    """

    def __init__(self, run: StoredRun) -> None:
        self._run = run
        self._last: tuple[str, bytes | None] = ("", None)
        self._side = next((side for most, side in SIDES if len(run.verdicts) <= most), SMALLEST)

    def uri(self, key: str) -> Markup:
        """Return a preview as a data URI, or "" where there is none that can be read."""
        data = self.preview(key)
        # Base64 needs no escaping, and looking at every character of it takes seconds.
        return Markup("" if data is None else picture_uri(data, self._side))  # noqa: S704

    def closeup(self, key: str, part: Box) -> bytes | None:
        """Return a part of an asset as it was kept."""
        return self._run.closeup(key, part)

    def preview(self, key: str) -> bytes | None:
        """Return a preview as it was kept; the last one is not read again."""
        if self._last[0] != key:
            self._last = (key, self._run.preview(key))
        return self._last[1]


def picture_uri(data: bytes, side: int) -> str:
    """Return a JPEG as a data URI, its longest side at most `side`; "" for a file that is no JPEG."""
    try:
        with Pillow.open(io.BytesIO(data), formats=["JPEG"]) as picture:
            if max(picture.size) <= side:
                return data_uri(data)
            picture.thumbnail((side, side), Pillow.Resampling.LANCZOS)
            small = io.BytesIO()
            picture.save(small, "JPEG", quality=QUALITY)
    except OSError:
        return ""
    return data_uri(small.getvalue())
