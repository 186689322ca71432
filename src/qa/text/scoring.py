"""How likely a text is on a line, and how likely each small change of it, by connectionist temporal classification.

Reference: Graves et al. 2006, "Connectionist temporal classification", doi:10.1145/1143844.1143891, equations 6 to 10
for the forward and backward variables. A change of one or two characters leaves both as they are outside the change,
so that hundreds of changed texts cost little more than one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consistency.errors import InputError

Float64 = NDArray[np.float64]
Int = NDArray[np.intp]

MAX_PUT = 2
"""Symbols that one edit may put in place of what it removes."""


@dataclass(frozen=True)
class Edit:
    """A changed text: labels start..end (exclusive) replaced by up to two others, as columns of the line.

    Attributes:
        start: First label replaced.
        end: Label after the last one replaced; `start` for an insertion.
        put: Columns put in their place.
    """

    start: int
    end: int
    put: tuple[int, ...]


class Lattice:
    """The alignments of one text with one line.

    Args:
        logs: T×M log probabilities, column 0 the blank.
        labels: The text as columns of `logs`, one or more, none of them the blank.

    Raises:
        InputError: No label, or one that is no column.
    """

    def __init__(self, logs: Float64, labels: Sequence[int]) -> None:
        if not len(labels) or min(labels) < 1 or max(labels) >= logs.shape[1]:
            raise InputError(f"labels from 1 to {logs.shape[1] - 1}", list(labels)[:8])
        self._logs = logs
        self._labels = np.asarray(labels, np.intp)
        states = np.zeros(2 * len(labels) + 1, np.intp)
        states[1::2] = self._labels
        can_skip = np.zeros(len(states), bool)
        can_skip[3::2] = self._labels[1:] != self._labels[:-1]
        self._emitted = logs[:, states]
        self._forward = _forward(self._emitted, can_skip)
        self._onward = _onward(self._emitted, can_skip)
        self.log_likelihood = float(np.logaddexp(self._forward[-1, -1], self._forward[-1, -2]))

    def occupancy(self) -> Float64:
        """Return T×L: the probability, given the text, that a step belongs to each of its labels."""
        return self._posterior()[:, 1::2]

    def gaps(self) -> Float64:
        """Return T×(L+1): the probability, given the text, that a step is blank before each label or at the end."""
        return self._posterior()[:, 0::2]

    def _posterior(self) -> Float64:
        # Equation 14: forward × backward over the step's own probability, which both count.
        joint = self._forward[1:] + self._onward[:-1, :-1] - self._emitted
        return np.asarray(np.exp(np.minimum(joint - self.log_likelihood, 0.0)))

    def edited(self, edits: Sequence[Edit]) -> Float64:
        """Return the log likelihood of the text after each edit; -inf for one that cannot align.

        Raises:
            InputError: An edit that reaches out of the text, or puts more than two symbols.
        """
        for edit in edits:
            if not 0 <= edit.start <= edit.end <= len(self._labels) or len(edit.put) > MAX_PUT:
                raise InputError(f"an edit within {len(self._labels)} labels, putting at most {MAX_PUT}", edit)
        scores = np.full(len(edits), -np.inf)
        for length in range(MAX_PUT + 1):
            chosen = [at for at, edit in enumerate(edits) if len(edit.put) == length]
            if chosen:
                scores[chosen] = self._edited([edits[at] for at in chosen], length)
        return scores

    def _edited(self, edits: Sequence[Edit], length: int) -> Float64:
        start = np.array([edit.start for edit in edits], np.intp)
        end = np.array([edit.end for edit in edits], np.intp)
        put = np.array([edit.put for edit in edits], np.intp).reshape(len(edits), length)
        if length == 0:
            return self._removed(start, end)
        inside = _stay(self._entering(start, put[:, 0])[:-1], self._logs[:, put[:, 0]])
        if length == MAX_PUT:
            late = _later(inside)
            between = _stay(late, np.broadcast_to(self._logs[:, :1], inside.shape))
            direct = np.where(put[:, 0] != put[:, 1], late, -np.inf)
            inside = _stay(np.logaddexp(_later(between), direct), self._logs[:, put[:, 1]])
        after, is_last = self._next(end)
        skip = np.where(is_last | (put[:, -1] == after), -np.inf, self._onward[1:, 2 * end + 1])
        return np.asarray(np.logaddexp.reduce(inside + np.logaddexp(self._onward[1:, 2 * end], skip), axis=0))

    def _removed(self, start: Int, end: Int) -> Float64:
        after, is_last = self._next(end)
        total = self._entering(start, np.where(is_last, -1, after)) + self._onward[:, 2 * end + 1]
        return np.asarray(np.logaddexp.reduce(total, axis=0))

    def _entering(self, start: Int, put: Int) -> Float64:
        """Return (T+1)×N: the text before `start` is complete at step t - 1, and another symbol may begin at t."""
        before = self._labels[np.maximum(start, 1) - 1]
        direct = np.where((start > 0) & (put != before), self._forward[:, 2 * np.maximum(start, 1) - 1], -np.inf)
        return np.asarray(np.logaddexp(self._forward[:, 2 * start], direct))

    def _next(self, end: Int) -> tuple[Int, NDArray[np.bool_]]:
        return self._labels[np.minimum(end, len(self._labels) - 1)], end == len(self._labels)


def _forward(emitted: Float64, can_skip: NDArray[np.bool_]) -> Float64:
    """Return (T+1)×S forward variables; row t is after step t, row 0 before the first: in the first blank."""
    steps, states = emitted.shape
    forward = np.full((steps + 1, states), -np.inf)
    forward[0, 0] = 0.0
    for step in range(steps):
        last = forward[step]
        total = last.copy()
        total[1:] = np.logaddexp(last[1:], last[:-1])
        total[2:] = np.where(can_skip[2:], np.logaddexp(total[2:], last[:-2]), total[2:])
        forward[step + 1] = total + emitted[step]
    return forward


def _onward(emitted: Float64, can_skip: NDArray[np.bool_]) -> Float64:
    """Return (T+1)×(S+1): the likelihood of steps t.. given that step t is in a state, the step's own included.

    Row T stands for the end: reached through the last blank, or through the added column where nothing is left.
    """
    steps, states = emitted.shape
    onward = np.full((steps + 1, states + 1), -np.inf)
    onward[steps, -2:] = 0.0
    for step in reversed(range(steps)):
        later = onward[step + 1, :-1]
        total = later.copy()
        total[:-1] = np.logaddexp(later[:-1], later[1:])
        total[:-2] = np.where(can_skip[2:], np.logaddexp(total[:-2], later[2:]), total[:-2])
        onward[step, :-1] = total + emitted[step]
    return onward


def _stay(entering: Float64, emitted: Float64) -> Float64:
    """Return T×N: the likelihood of being in a state that is entered as given and left at will.

    x(t) = (x(t-1) + entering(t)) · emitted(t), all steps at once by sums of logarithms.
    """
    total = np.cumsum(emitted, axis=0)
    return np.asarray(total + np.logaddexp.accumulate(entering - (total - emitted), axis=0))


def _later(values: Float64) -> Float64:
    """Return values moved one step later, nothing at the first."""
    return np.concatenate([np.full_like(values[:1], -np.inf), values[:-1]])
