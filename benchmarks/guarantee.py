"""Whether thresholds keep their promise, and what that costs: simulated populations whose truth is known.

    python benchmarks/guarantee.py [--quick] [--real] [--cache FOLDER] [--out results.json]

In each run 200 labels (other numbers where stated) are drawn and a threshold is learnt. A run violates where more than
α of what the threshold accepts *in the population* is bad. Yield is the share of the population's good assets that it
accepts, 0 in runs without a threshold; the oracle knows the population. Beside `learn_then_test`: the threshold that
looks right on the labels ("in-sample"), the largest set with p ≤ δ ("uncorrected"), and a fixed sequence over every
rank from the first that can pass ("every rank"). Seeds are fixed. With `--real` also scores of photographs of products
(`guarantee_real.py`); skipped with a reason where they are not on the machine.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable
from pathlib import Path

import guarantee_real
import numpy as np
from guarantee_populations import Array, Population, banded, hard, normal, unordered
from numpy.typing import NDArray
from scipy.stats import binom

from consistency.calibration import IsotonicCurve, PlattCurve, conformal_select, fewest_labels, learn_then_test

ALPHA, DELTA = 0.05, 0.10
LABELS = 200
BATCH = 500
Sorted = tuple[Array, NDArray[np.bool_]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="200 runs of each instead of 5,000")
    parser.add_argument("--real", action="store_true", help="also scores of photographs")
    parser.add_argument("--cache", type=Path, help="where embeddings are kept between runs")
    parser.add_argument("--out")
    options = parser.parse_args()
    runs = 200 if options.quick else 5000
    result = {
        "runs": runs,
        "alpha": ALPHA,
        "delta": DELTA,
        "largest_violation_by_chance": round(DELTA + 2 * math.sqrt(DELTA * (1 - DELTA) / runs), 4),
        "populations": {name: compared(each, runs) for name, each in populations().items()},
        "labels": {str(n): compared(normal(0.95, 0.25), runs, n) for n in (60, 100, 150, 300, 500, 1000)},
        "unequal_chances": unequal(runs),
        "gate_labels": {f"audit of {share:.0%}": gate_labels(share, max(40, runs // 5)) for share in (0.02, 0.1, 0.3)},
        "batches": {str(n): batches(n, runs) for n in (100, 200, 500)},
        "curves": curves(max(20, runs // 25)),
    }
    if options.real:
        result["real"] = real(options.cache, runs)
    print(json.dumps(result, indent=2))
    if options.out:
        Path(options.out).write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return 0


def populations() -> dict[str, Population]:
    return {
        "normal": normal(0.95, 0.25),
        "hard, from 30 %": hard(ALPHA, 0.3),
        "hard, from 50 %": hard(ALPHA, 0.5),
        "hard, from 80 %": hard(ALPHA, 0.8),
        "always at alpha": banded(((1.0, 1.0002 * ALPHA),)),
        "11 levels": normal(0.95, 0.25, step=0.7),
        "5 levels": normal(0.95, 0.25, step=1.6),
        "top half tied": normal(0.95, 0.25, top=2.0),
        "1 % of the best mislabelled": normal(0.95, 0.25, mislabelled=0.01),
        "better score, AUC .99": normal(0.99, 0.25),
        "worse score, AUC .90": normal(0.90, 0.25),
        "10 % bad": normal(0.95, 0.10),
        "half bad": normal(0.95, 0.50),
        "score that does not order": unordered(ALPHA, 4),
    }


def compared(population: Population, runs: int, labels: int = LABELS) -> dict[str, object]:
    """Return per way of choosing a threshold how often it violates and what it yields."""
    scores, bad = labelled(population, runs, labels, labels)
    ways: dict[str, Callable[[Sorted], Array]] = {
        "learn_then_test": learnt,
        "every_rank": every_rank,
        "in_sample": in_sample,
        "uncorrected": uncorrected,
    }
    figures = {name: figure(population, way((scores, bad))) for name, way in ways.items()}
    return {"oracle": round(population.oracle(ALPHA), 3), **figures}


def labelled(population: Population, runs: int, seed: int, labels: int = LABELS) -> Sorted:
    """Return labels for as many runs, best first."""
    return ordered(*population.draw(np.random.default_rng(seed), (runs, labels)))


def ordered(scores: Array, bad: NDArray[np.bool_]) -> Sorted:
    order = np.argsort(-scores, axis=1, kind="stable")
    return np.take_along_axis(scores, order, 1), np.take_along_axis(bad, order, 1)


def figure(population: Population, thresholds: Array) -> dict[str, float]:
    """Return violations, yield and share without a threshold (nan) over runs."""
    found = np.isfinite(thresholds)
    good, risk = population.truth(np.where(found, thresholds, 0.0))
    return {
        "violates": round(float((found & (risk > ALPHA + 1e-9)).mean()), 4),
        "yield": round(float(np.where(found, good, 0.0).mean()), 3),
        "without": round(float(1 - found.mean()), 3),
    }


def learnt(runs: Sorted) -> Array:
    found = [learn_then_test(*run, alpha=ALPHA, delta=DELTA).value for run in zip(*runs, strict=True)]
    return np.array([math.nan if value is None else value for value in found])


def every_rank(runs: Sorted) -> Array:
    """Test every score that occurs from the first rank that can pass, until one fails."""
    first = fewest_labels(ALPHA, DELTA)
    passes = p_values(runs) <= DELTA
    counts = np.arange(1, passes.shape[1] + 1)
    failed = ends_tie(runs[0]) & ~passes & (counts >= first)
    return last_true(runs[0], passes & ~np.logical_or.accumulate(failed, axis=1))


def in_sample(runs: Sorted) -> Array:
    share = np.cumsum(runs[1], axis=1) / np.arange(1, runs[1].shape[1] + 1)
    return last_true(runs[0], share <= ALPHA)


def uncorrected(runs: Sorted) -> Array:
    return last_true(runs[0], p_values(runs) <= DELTA)


def p_values(runs: Sorted) -> Array:
    return np.asarray(binom.cdf(np.cumsum(runs[1], axis=1), np.arange(1, runs[1].shape[1] + 1), ALPHA))


def ends_tie(scores: Array) -> NDArray[np.bool_]:
    """Return where the next lower score differs: only there a threshold can lie."""
    return np.concatenate([scores[:, :-1] > scores[:, 1:], np.ones((len(scores), 1), np.bool_)], axis=1)


def last_true(scores: Array, accepted: NDArray[np.bool_]) -> Array:
    """Return the lowest score at which a threshold may lie and does, nan where there is none."""
    allowed = accepted & ends_tie(scores)
    last = scores.shape[1] - 1 - allowed[:, ::-1].argmax(axis=1)
    return np.where(allowed.any(axis=1), scores[np.arange(len(scores)), last], math.nan)


def unequal(runs: int) -> dict[str, object]:
    """Learn from doubtful assets that were all labelled and a tenth or a half of the others, by weight and without."""
    population, rng, figures = normal(0.95, 0.25), np.random.default_rng(7), {}
    for chance in (0.1, 0.5):
        weighed, plain = np.full(runs, math.nan), np.full(runs, math.nan)
        labels = np.zeros(runs)
        for run in range(runs):
            scores, bad = population.draw(rng, (600,))
            chances = np.where((scores > 0.5) & (scores < 1.5), 1.0, chance)
            kept = rng.random(scores.size) < chances
            scores, bad, chances, labels[run] = scores[kept], bad[kept], chances[kept], kept.sum()
            weighed[run] = learn_then_test(scores, bad, alpha=ALPHA, delta=DELTA, inclusion=chances).value or math.nan
            plain[run] = learn_then_test(scores, bad, alpha=ALPHA, delta=DELTA).value or math.nan
        figures[f"{chance:.0%} of the others"] = {
            "labels": round(float(labels.mean())),
            "weighted": figure(population, weighed),
            "unweighted": figure(population, plain),
        }
    return figures


def gate_labels(audit: float, runs: int) -> dict[str, object]:
    """Learn from what the gate asks to label: an audit of about 200, and all that is undecided beside it.

    The audit alone, against both by their known chances; and in the hard case, the band about where the promise breaks.
    """
    figures: dict[str, object] = {}
    cases = {"normal": (normal(0.95, 0.25), 0.5, 1.5), "hard, from 50 %": (hard(ALPHA, 0.5), -0.6, -0.4)}
    for name, (population, low, high) in cases.items():
        rng, found, counts = np.random.default_rng(9), np.full((runs, 2), math.nan), np.zeros(2)
        for run in range(runs):
            scores, bad = population.draw(rng, (round(LABELS / audit),))
            drawn, undecided = rng.random(scores.size) < audit, (scores >= low) & (scores < high)
            kept, chances = drawn | undecided, np.where(undecided, 1.0, audit)
            alone = learn_then_test(scores[drawn], bad[drawn], alpha=ALPHA, delta=DELTA).value
            weighed = learn_then_test(scores[kept], bad[kept], alpha=ALPHA, delta=DELTA, inclusion=chances[kept]).value
            found[run] = [math.nan if value is None else value for value in (alone, weighed)]
            counts += drawn.sum(), kept.sum()
        labels = dict(zip(("audit", "all"), (counts / runs).round().tolist(), strict=True))
        figures[name] = {
            "labels": labels,
            "audit_alone": figure(population, found[:, 0]),
            "weighted": figure(population, found[:, 1]),
        }
    return figures


def real(cache: Path | None, runs: int) -> dict[str, object]:
    """Return the same on scores of photographs, and what becomes of the promise on subjects that nobody labelled."""
    if not guarantee_real.is_here():
        return {"skipped": f"{guarantee_real.FOLDER} is not on this machine"}
    figures: dict[str, object] = {}
    for name, pool in guarantee_real.pools(cache).items():
        population = pool.population()
        others = [
            figure(truth, learnt(labelled(pool.population(own), runs // 50, seed)))
            for seed, (own, truth) in enumerate(pool.halves(50))
        ]
        figures[name] = {
            "auc": pool.auc(),
            **compared(population, runs),
            "batches": batches(LABELS, runs, population),
            "labels_of_other_subjects": {
                key: round(float(np.mean([each[key] for each in others])), 3) for key in others[0]
            },
        }
    return figures


def batches(labels: int, runs: int, population: Population | None = None) -> dict[str, float]:
    """Return mean share of bad ones among the chosen of a batch, its standard error, and yield."""
    population, rng = population or normal(0.95, 0.25), np.random.default_rng(labels)
    known, new = population.draw(rng, (runs, labels)), population.draw(rng, (runs, BATCH))
    chosen = np.array([conformal_select(*row, batch, fdr=ALPHA) for *row, batch in zip(*known, new[0], strict=True)])
    false = (chosen & new[1]).sum(axis=1) / np.maximum(chosen.sum(axis=1), 1)
    good = (chosen & ~new[1]).sum(axis=1) / (~new[1]).sum(axis=1)
    return {
        "fdr": round(float(false.mean()), 4),
        "standard_error": round(float(false.std() / math.sqrt(runs)), 4),
        "batches_above": round(float((false > ALPHA).mean()), 3),
        "yield": round(float(good.mean()), 3),
    }


def curves(runs: int) -> dict[str, object]:
    """Return the mean absolute error of P(good) by both curves, on a score that is logistic and on one that is bent."""
    population, rng, figures = normal(0.95, 0.25), np.random.default_rng(3), {}
    for shape, bend in {"logistic": lambda s: s, "bent": lambda s: np.exp(0.8 * s)}.items():
        for labels in (100, 200, 500, 1000, 2000):
            errors = np.zeros((runs, 2))
            for run in range(runs):
                scores, bad = population.draw(rng, (labels,))
                fresh = population.draw(rng, (2000,))[0]
                real = 0.75 / (0.75 + 0.25 * np.exp(2.3262**2 / 2 - 2.3262 * fresh))
                fitted = [fit.fit(bend(scores), bad).probability(bend(fresh)) for fit in (PlattCurve, IsotonicCurve)]
                errors[run] = [np.abs(each - real).mean() for each in fitted]
            platt, isotonic = errors.mean(axis=0).round(4).tolist()
            figures[f"{shape}, {labels} labels"] = {"platt": platt, "isotonic": isotonic}
    return figures


if __name__ == "__main__":
    sys.exit(main())
