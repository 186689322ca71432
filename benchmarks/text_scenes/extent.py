"""How much a part measures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Extent:
    """How much to measure.

    Attributes:
        texts: Right texts, and as many wrong ones, that the rendered part judges.
        seed: First seed; the benchmark uses those from 0, limits are chosen on those from 1,000,000.
        processes: Pictures are drawn and read in so many processes, one thread each.
        is_quick: Whether every part shrinks to a check that it runs.
        easyocr: Folder of EasyOCR's weights, "" where there are none.
        font: "own" or "other": the rendered part judges every text once more, with that font named.
        precision: "float32" or "bfloat16", of the reader that the rendered part judges by.
        keep: File that the rendered part writes what it judged to, and goes on from; "" for none.
    """

    texts: int = 10_000
    seed: int = 0
    processes: int = 2
    is_quick: bool = False
    easyocr: str = ""
    font: str = ""
    keep: str = ""
    precision: str = "float32"
