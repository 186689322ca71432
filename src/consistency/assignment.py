"""One to one: which row gets which column, so that the sum of gains is the largest there is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from consistency.errors import InputError

Floats = NDArray[np.float64]


def assigned(gains: Floats) -> tuple[int | None, ...]:
    """Return the column of each row of an n×p table, no column twice; None where a row gets none that gains.

    Exact, and the same for the same table: of equal sums the one that is found first, rows in order. A pair counts only
    where its gain is above 0, so that nothing is taken for something merely because it is left over.

    Args:
        gains: n×p, finite; n or p may be 0.

    Raises:
        InputError: Not a finite table.

    Example:
        >>> assigned(np.array([[0.9, 0.8], [0.7, 0.1]]))
        (1, 0)

    Reference:
        Crouse 2016 (shortest augmenting paths), doi 10.1109/TAES.2016.140952.
    """
    if gains.ndim != 2 or not np.isfinite(gains).all():
        raise InputError("a finite table n×p", gains.shape)
    rows, columns = gains.shape
    # A column of its own that costs nothing: a row may stay without.
    costs = np.hstack([-np.maximum(gains, 0.0), np.zeros((rows, rows))])
    taken = _Taken(costs)
    for row in range(rows):
        taken.place(row)
    pairs = enumerate(taken.column_of.tolist())
    return tuple(column if column < columns and gains[row, column] > 0 else None for row, column in pairs)


class _Taken:
    """Rows placed so far, with the prices of rows and columns that prove the placement cheapest."""

    def __init__(self, costs: Floats) -> None:
        rows, columns = costs.shape
        self._costs = costs
        self.column_of = np.full(rows, -1)
        self._row_of = np.full(columns, -1)
        self._row_price, self._column_price = np.zeros(rows), np.zeros(columns)

    def place(self, start: int) -> None:
        """Place one more row, moving others along the cheapest path to a free column."""
        count = len(self._row_of)
        distance, came_from, is_done = np.full(count, np.inf), np.full(count, -1), np.zeros(count, np.bool_)
        row, least, column = start, 0.0, -1
        while row >= 0:
            along = least + self._costs[row] - self._row_price[row] - self._column_price
            is_nearer = ~is_done & (along < distance)
            distance[is_nearer], came_from[is_nearer] = along[is_nearer], row
            column = int(np.where(is_done, np.inf, distance).argmin())
            least, row = float(distance[column]), int(self._row_of[column])
            is_done[column] = row >= 0
        self._reprice(start, least, np.flatnonzero(is_done), distance)
        self._move(start, column, came_from)

    def _reprice(self, start: int, least: float, passed: NDArray[np.intp], distance: Floats) -> None:
        self._row_price[start] += least
        self._row_price[self._row_of[passed]] += least - distance[passed]
        self._column_price[passed] -= least - distance[passed]

    def _move(self, start: int, column: int, came_from: NDArray[np.intp]) -> None:
        row = -1
        while row != start:
            row = int(came_from[column])
            self._row_of[column] = row
            self.column_of[row], column = column, int(self.column_of[row])
