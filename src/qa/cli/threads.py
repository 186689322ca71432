"""The global thread settings of a process: touched by the command only, never by an import or a `Gate`."""

from __future__ import annotations

import os

import cv2

OWN_POOLS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def limit_threads(threads: int | None) -> None:
    """Keep libraries from threading beneath our threads; `threads` is the whole budget where it is given.

    The environment is set for what is loaded later (torch); what somebody set already stays.
    """
    cv2.setNumThreads(1)
    if threads is not None:
        for name in OWN_POOLS:
            os.environ.setdefault(name, str(threads))
