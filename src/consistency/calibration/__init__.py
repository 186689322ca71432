"""Labelled scores → probabilities and thresholds with a guarantee. Names load when first used."""

from importlib import import_module
from typing import TYPE_CHECKING

__all__ = [
    "Costs",
    "IsotonicCurve",
    "Labels",
    "PlattCurve",
    "Threshold",
    "conformal_p_values",
    "conformal_select",
    "cross_fitted",
    "decide",
    "fewest_labels",
    "fit_curve",
    "grouped_folds",
    "learn_then_test",
]

if TYPE_CHECKING:
    from consistency.calibration.binomial import fewest_labels
    from consistency.calibration.conformal import conformal_p_values, conformal_select
    from consistency.calibration.costs import Costs, decide
    from consistency.calibration.curves import fit_curve
    from consistency.calibration.folds import cross_fitted, grouped_folds
    from consistency.calibration.guarantee import Threshold, learn_then_test
    from consistency.calibration.isotonic import IsotonicCurve
    from consistency.calibration.labels import Labels
    from consistency.calibration.platt import PlattCurve
else:  # hidden from type checkers, which would take every misspelt name for one of these
    _HOMES = {
        "Costs": "costs",
        "IsotonicCurve": "isotonic",
        "Labels": "labels",
        "PlattCurve": "platt",
        "Threshold": "guarantee",
        "conformal_p_values": "conformal",
        "conformal_select": "conformal",
        "cross_fitted": "folds",
        "decide": "costs",
        "fewest_labels": "binomial",
        "fit_curve": "curves",
        "grouped_folds": "folds",
        "learn_then_test": "guarantee",
    }

    def __getattr__(name):
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)

    def __dir__():
        return sorted([*globals(), *_HOMES])
