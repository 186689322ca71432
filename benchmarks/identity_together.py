"""Composed pictures of several subjects, and what sets of anchors say of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from identity_looks import SCENES, SHARED, Pixels, square
from photo_collections import Photo
from rates import rate

from consistency import Anchor, AnchorSet
from consistency.anchor_models import Sight
from consistency.facets import joined, see_closely, see_in_windows, windows
from consistency.image import load_image
from consistency.joint import Stranger, score_places
from consistency.presence import Presence, presence_floor, presence_of
from consistency.region import Box
from consistency.scoring import scored
from consistency.windows import overlapping

REFERENCES = 3
SET = 4
MOST_STRANGERS = 2
CANVAS = (640, 1280)
SMALLEST = 0.6
"""Side of a photograph on a composed picture, over that of the room it has there."""

Told = tuple[dict[str, Presence], Sequence[Stranger] | None]
"""Who is there, and who is a stranger; None where that is not asked."""

Way = Callable[[Sequence[Anchor], Pixels], Told]


@dataclass(frozen=True)
class Scene:
    """A composed picture: where the photograph of each subject is, and those of others."""

    pixels: Pixels
    tiles: Mapping[str, Box]
    strangers: Sequence[Box]


class Composed:
    """Composed pictures of a collection, and what sets of anchors say of them.

    Args:
        photos: The collection.
        kin: Subject → those of its kind; {} where all are alike enough.
        make: An anchor from a name and references.
        places: Photographs that have room side by side; as many as the set and two strangers, or fewer and larger.
    """

    def __init__(
        self,
        photos: Sequence[Photo],
        kin: Mapping[str, frozenset[str]],
        make: Callable[[str, Sequence[Pixels]], Anchor],
        *,
        places: int,
    ) -> None:
        self.by_name: dict[str, list[Pixels]] = {}
        for photo in photos:
            self.by_name.setdefault(photo.subject, []).append(photo.pixels)
        self.names = [name for name, own in self.by_name.items() if len(own) > REFERENCES]
        self._made: dict[tuple[str, tuple[int, ...]], Anchor] = {}
        self.kin, self.make, self.places, self.scenes = kin, make, places, street_scenes()

    def measured(self, ways: Mapping[str, Way], draws: int, pictures: int) -> dict[str, object]:
        """Return the shares that each way of telling reaches, over draws of references and pictures of each."""
        found: dict[str, Counter[str]] = {way: Counter() for way in ways}
        for draw in range(draws):
            rng = np.random.default_rng([11, draw])
            drawn = {name: rng.choice(len(self.by_name[name]), REFERENCES, replace=False) for name in self.names}
            anchors = {name: self.anchor(name, tuple(drawn[name])) for name in self.names}
            for picture in range(pictures):
                chosen = self.chosen(rng, is_alike=picture % 2 == 0)
                scene = self.scene(chosen, drawn, rng)
                for way, tell in ways.items():
                    said, strangers = tell([anchors[name] for name in chosen], scene.pixels)
                    found[way].update(outcomes(said, scene, self.kin))
                    found[way].update({} if strangers is None else of_strangers(strangers, scene))
        return {"pictures": draws * pictures, **{way: shares(counts) for way, counts in found.items()}}

    def anchor(self, name: str, places: tuple[int, ...]) -> Anchor:
        """Return the anchor of a subject from some of its photographs, made once."""
        if (name, places) not in self._made:
            self._made[name, places] = self.make(name, [self.by_name[name][place] for place in places])
        return self._made[name, places]

    def chosen(self, rng: np.random.Generator, *, is_alike: bool) -> list[str]:
        """Return the subjects of a set, those of one kind among them where look-alikes are asked for."""
        names = [str(name) for name in rng.permutation(self.names)]
        if is_alike and self.kin:
            first = next(name for name in names if self.kin.get(name))
            names.sort(key=lambda name: name != first and name not in self.kin[first])
        return [str(name) for name in rng.permutation(names[:SET])]

    def scene(self, chosen: Sequence[str], drawn: Mapping[str, np.ndarray], rng: np.random.Generator) -> Scene:
        """Return some of a set, and up to two others, side by side on a street scene; no reference is shown."""
        pixels = self.scenes[rng.integers(len(self.scenes))].copy()
        shown = chosen[: rng.integers(1, SET + 1)]
        others = [name for name in self.by_name if name not in chosen]
        strange = [str(name) for name in rng.permutation(others)][: rng.integers(0, MOST_STRANGERS + 1)]
        strange = strange[: self.places - len(shown)]
        slots = rng.permutation(self.places)
        width = CANVAS[1] // self.places
        tiles: dict[str, Box] = {}
        for slot, name in zip(slots, [*shown, *strange], strict=False):
            rest = [i for i in range(len(self.by_name[name])) if i not in drawn.get(name, ())]
            strip = pixels[:, slot * width : (slot + 1) * width]
            photo = self.by_name[name][int(rng.choice(rest))]
            tiles[name] = put(strip, photo, int(rng.uniform(SMALLEST, 1) * width), rng).moved(int(slot) * width, 0)
        return Scene(pixels, {name: tiles[name] for name in shown}, [tiles[name] for name in strange])


def together(anchors: Sequence[Anchor], pixels: Pixels) -> Told:
    """Return what the set says."""
    score = AnchorSet(anchors).score(pixels)
    return dict(score.presence), score.strangers


def alone(anchors: Sequence[Anchor], pixels: Pixels, *, is_crowded: bool = False) -> Told:
    """Return what each anchor says without the others, through its own windows or through those of the set."""
    sight, found = Sight(pixels, anchors[0].models, is_crowded=is_crowded), {}
    for each in anchors:
        floors = {facet: presence_floor(template, facet) for facet, template in each.templates.items()}
        apart = scored({each.name: each.templates}, sight, {facet: {each.name: f} for facet, f in floors.items()})
        found[each.name] = presence_of(apart.facets[each.name], floors, apart.hidden)
    return found, None


def through(anchors: Sequence[Anchor], pixels: Pixels, fraction: float) -> Told:
    """Return what the set would say through the usual windows and others of a size."""
    embed = anchors[0].models.embedder().embed
    boxes = (*windows(*pixels.shape[:2]), *overlapping(*pixels.shape[:2], fraction))
    seen = joined(see_closely(pixels, embed([pixels]), embed), see_in_windows(pixels, embed, boxes))
    templates = {each.name: each.templates["subject"] for each in anchors}
    floors = {name: presence_floor(template, "subject") for name, template in templates.items()}
    scores = score_places(templates, seen, floors)
    return {name: presence_of({"subject": scores[name]}, {"subject": floors[name]}, 0) for name in templates}, None


def outcomes(said: Mapping[str, Presence], scene: Scene, kin: Mapping[str, frozenset[str]]) -> Counter[str]:
    """Return what was told right and wrong of the subjects of a set."""
    found: Counter[str] = Counter()
    for name, presence in said.items():
        tile = scene.tiles.get(name)
        if tile is None:
            kind = "sibling_shown" if kin.get(name, frozenset()) & scene.tiles.keys() else "missing"
            found.update({f"{kind}/all": 1, f"{kind}/told": int(presence.status == "missing")})
            found.update({f"{kind}/found": int(presence.status == "found")})
        else:
            is_found = presence.status == "found"
            is_right = is_found and presence.box is not None and is_in(presence.box, tile)
            found.update({"shown/all": 1, "shown/found": int(is_found), "shown/right": int(is_right)})
    return found


def of_strangers(strangers: Sequence[Stranger], scene: Scene) -> Counter[str]:
    """Return how many strangers were called so, and how many of the set's own."""
    return Counter(
        {
            "strangers/all": len(scene.strangers),
            "strangers/told": hit(strangers, scene.strangers),
            "set/all": len(scene.tiles),
            "set/called": hit(strangers, scene.tiles.values()),
        }
    )


def hit(strangers: Sequence[Stranger], tiles: Iterable[Box]) -> int:
    """Return in how many tiles a stranger was seen."""
    return sum(any(is_in(each.box, tile) for each in strangers) for tile in tiles)


def shares(counts: Counter[str]) -> dict[str, object]:
    """Return the shares with their intervals."""
    parts = {
        "found_in_its_place": ("shown/right", "shown/all"),
        "found": ("shown/found", "shown/all"),
        "missing_told": ("missing/told", "missing/all"),
        "missing_but_found": ("missing/found", "missing/all"),
        "missing_told_beside_a_sibling": ("sibling_shown/told", "sibling_shown/all"),
        "missing_but_found_beside_a_sibling": ("sibling_shown/found", "sibling_shown/all"),
        "strangers_told": ("strangers/told", "strangers/all"),
        "own_called_strange": ("set/called", "set/all"),
    }
    return {name: rate(counts[part], counts[whole]) for name, (part, whole) in parts.items() if counts[whole]}


def is_in(box: Box, tile: Box) -> bool:
    """Whether the middle of a box lies in a tile."""
    across, down = box.left + box.width / 2, box.top + box.height / 2
    return tile.left <= across < tile.right and tile.top <= down < tile.bottom


def put(pixels: Pixels, photo: Pixels, side: int, rng: np.random.Generator) -> Box:
    """Put a photograph, cut to a square, at a random place of a picture; return where."""
    top, left = (int(rng.integers(0, length - side + 1)) for length in pixels.shape[:2])
    how = cv2.INTER_AREA if min(photo.shape[:2]) > side else cv2.INTER_CUBIC
    pixels[top : top + side, left : left + side] = cv2.resize(square(photo), (side, side), interpolation=how)
    return Box(left, top, side, side)


def street_scenes() -> list[Pixels]:
    """Return the street photographs at the canvas' size."""
    files = sorted((SHARED / SCENES).glob("*.jpg"))
    height, width = CANVAS
    return [cv2.resize(load_image(file).pixels, (width, height), interpolation=cv2.INTER_CUBIC) for file in files]
