"""Does an anchor say that a product was mirrored, stretched, recoloured, its print swapped or removed?"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from identity_ads import rendered_ads
from identity_defects import LABELS, PETS, edited, fitted
from identity_looks import Looks, Photo, Pixels
from identity_measures import Trials, draws_of_subjects, measures

from consistency.changes import KINDS, LIMITS, Change, compared
from consistency.facets import MARGIN
from consistency.localisation import subject_box
from consistency.region import Box
from consistency.views import View, view_of, voted

TOLD_BY = {
    "mirrored": "mirrored",
    "stretched": "stretched",
    "recoloured": "recoloured",
    "label_swapped": "reprinted",
    "logo_removed": "reprinted",
}
"""Edit → the kind of change that should tell it."""

FALSE_ALARMS = 0.05
FEW, DRAWS = 3, 5


@dataclass(frozen=True, eq=False)
class Shown:
    """What a picture shows of its subject, where, and where it was edited, H×W."""

    view: View
    place: Box
    mask: np.ndarray | None = None


@dataclass(frozen=True)
class Row:
    """The changes told of one photograph before an edit and after it."""

    subject: str
    edit: str
    before: Change
    after: Change
    points_at_it: float | None


def changes(looks: Looks, photos: Sequence[Photo], *, is_quick: bool = False) -> dict[str, object]:
    """Return each edit's figures with all other photographs as references and with three, limits, what one costs.

    `told`: pictures of which the change can be told before and after the edit, which the rest is about; `paired`: the
    share that is told more after it, ties half; `pooled_auc`: of all before against all after, subjects mixed;
    `at_limit`: the share of edits that reach the limit; `points_at_it`: the share with more missing landmarks inside
    the edit than its share of the subject's place. `limits`: what 5 % of unedited products reach, and what that
    chosen on all other subjects does on each. Quick: three photographs of each product with print.
    """
    few = [photo for photo in photos if photo.subject in LABELS and photo.name < "03"]
    small = [
        Photo(photo.subject, photo.name, photo.view, fitted(photo.pixels)) for photo in (few if is_quick else photos)
    ]
    plain = [shown(looks, photo.pixels) for photo in small]
    after = [{each.kind: shown(looks, each.pixels, each.mask) for each in edited(looks, small, place)}
             for place in range(len(small))]  # fmt: skip
    own = [[at for at, each in enumerate(small) if each.subject == photo.subject and at != place]
           for place, photo in enumerate(small)]  # fmt: skip
    drawn = [
        [sorted(np.random.default_rng([11, draw, place]).choice(others, min(FEW, len(others)), replace=False))
         for place, others in enumerate(own)]
        for draw in range(1 if is_quick else DRAWS)
    ]  # fmt: skip
    every = rows_of(small, plain, after, own)
    return {
        **({} if is_quick else {"rendered_ads": rendered_ads(looks)}),
        "all_references": figures(every),
        "three_references": figures([row for each in drawn for row in rows_of(small, plain, after, each)]),
        "limits": {kind: limit_figures(every, kind) for kind in KINDS},
        "milliseconds": costs(small, plain, own),
    }


def shown(looks: Looks, pixels: Pixels, mask: np.ndarray | None = None) -> Shown:
    """Return what a picture shows of the subject where the default embedder finds it."""
    height, width = pixels.shape[:2]
    box = subject_box(looks.embedder.embed([pixels]), height, width, margin=MARGIN)
    return Shown(view_of(pixels, box), box or Box(0, 0, width, height), mask)


def rows_of(
    photos: Sequence[Photo], plain: Sequence[Shown], after: Sequence[Mapping[str, Shown]], own: Sequence[Sequence[int]]
) -> list[Row]:
    """Return a row per edit, each photograph against the references at the places in `own`."""
    rows = []
    for place, photo in enumerate(photos):
        views = voted([plain[other].view for other in own[place]])
        before = compared(plain[place].view, views, plain[place].place)
        rows += [Row(photo.subject, kind, before[kind], before[kind], None) for kind in KINDS]
        for edit, each in after[place].items():
            told = compared(each.view, views, each.place)[TOLD_BY[edit]]
            rows.append(Row(photo.subject, f"{edit} edit", before[TOLD_BY[edit]], told, pointed(told, each)))
    return rows


def pointed(told: Change, edit: Shown) -> float | None:
    """Return whether missing landmarks lie inside the edit more than elsewhere in the subject's place."""
    if edit.mask is None or told.places is None or not len(told.places):
        return None
    across, down = np.clip(told.places.astype(int), 0, np.array(edit.mask.shape[::-1]) - 1).T
    return float(edit.mask[down, across].mean() > edit.mask[edit.place.slices].mean())


def figures(rows: Sequence[Row]) -> dict[str, dict[str, object]]:
    """Return each edit's figures."""
    found: dict[str, dict[str, object]] = {}
    for edit, kind in TOLD_BY.items():
        made = [row for row in rows if row.edit == f"{edit} edit"]
        told = [row for row in made if row.before.value is not None and row.after.value is not None]
        found[edit] = {"pictures": len(made), "told": len(told)}
        if not told:
            continue
        before, after = (np.array([getattr(row, side).value for row in told]) for side in ("before", "after"))
        pointing = [row.points_at_it for row in told if row.points_at_it is not None]
        found[edit] |= {
            "paired": mean((after > before) + 0.5 * (after == before)),
            "pooled_auc": round(area(before, after), 4),
            "pooled_interval": spread(told, before, after),
            "at_limit": mean(after >= LIMITS[kind]),
            "before_at_limit": mean(before >= LIMITS[kind]),
        }
        if pointing:
            found[edit] |= {"with_places": len(pointing), "points_at_it": mean(np.array(pointing))}
    return found


def limit_figures(rows: Sequence[Row], kind: str) -> dict[str, float]:
    """Return what 5 % of unedited products reach in a kind of change, and how that carries over to other subjects."""
    plain = [row for row in rows if row.edit == kind and row.before.value is not None]
    products = [row for row in plain if row.subject not in PETS]
    made = [row for row in rows if TOLD_BY.get(row.edit.removesuffix(" edit")) == kind and " edit" in row.edit]
    found = {"told": len(plain), "photographs": sum(row.edit == kind for row in rows)}
    alarms, hits = [], []
    for subject in sorted({row.subject for row in products}):
        limit = quantile([row for row in products if row.subject != subject])
        alarms += [row.before.value >= limit for row in products if row.subject == subject]
        hits += [row.after.value >= limit for row in made if row.subject == subject and row.after.value is not None]
    at = [row.before.value >= LIMITS[kind] for row in plain]
    return {**found, "limit": LIMITS[kind], "quantile": quantile(products), "reached_unedited": mean(np.array(at)),
            "held_out_alarms": mean(np.array(alarms)), "held_out_found": mean(np.array(hits))}  # fmt: skip


def quantile(rows: Sequence[Row]) -> float:
    """Return what 5 % of the photographs reach; nan of none."""
    values = [row.before.value for row in rows]
    return round(float(np.quantile(values, 1 - FALSE_ALARMS)), 3) if values else float("nan")


def area(before: np.ndarray, after: np.ndarray) -> float:
    """Return the area under the curve of values before against those after an edit."""
    names = np.r_[np.zeros(len(before), int), np.ones(len(after), int)]
    return float(measures(Trials(np.r_[before, after], np.ones(len(names), int), names))[0])


def spread(rows: Sequence[Row], before: np.ndarray, after: np.ndarray) -> list[float]:
    """Return the 90 % interval of the area, bootstrap over subjects."""
    names = sorted({row.subject for row in rows})
    owner = np.array([names.index(row.subject) for row in rows])
    found = []
    for counts in draws_of_subjects(len(names), times=200):
        often = np.repeat(np.arange(len(rows)), counts[owner])
        found.append(area(before[often], after[often]))
    return [round(float(value), 4) for value in np.quantile(found, (0.05, 0.95))]


def costs(photos: Sequence[Photo], plain: Sequence[Shown], own: Sequence[Sequence[int]]) -> dict[str, float]:
    """Return milliseconds of processor time of a picture's view, and of its comparison with five references."""
    chosen = [place for place, others in enumerate(own) if others][:: max(1, len(plain) // 20)]
    views = [voted([plain[other].view for other in (own[place] * 3)[:5]]) for place in chosen]
    started = time.process_time()
    for place in chosen:
        view_of(photos[place].pixels, plain[place].place)
    between = time.process_time()
    for place, each in zip(chosen, views, strict=True):
        compared(plain[place].view, each, plain[place].place)
    seconds = {"view": between - started, "five_references": time.process_time() - between}
    return {name: round(1000 * each / max(1, len(chosen)), 1) for name, each in seconds.items()}


def mean(values: np.ndarray) -> float:
    """Return the mean, rounded."""
    return round(float(values.mean()), 4) if len(values) else float("nan")
