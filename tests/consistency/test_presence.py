"""From which similarity a subject counts as found: what the package knows of models."""

import numpy as np

from consistency.embedders.embedder import load_embedder
from consistency.presence import known_floors, presence_floor
from consistency.template import Template

SPEC = load_embedder("efficientnet").spec.id


def of(references, spec=SPEC):
    vectors = np.tile(np.eye(1, 8, dtype=np.float32), (references, 1))
    return Template(spec, vectors, np.zeros((0, 8), np.float32))


def test_more_references_ask_for_more_and_the_most_known_stand_for_all_beyond():
    floors = [presence_floor(of(count), "subject") for count in (1, 2, 3, 4)]
    assert floors == sorted(floors)
    assert presence_floor(of(9), "subject") == floors[-1]


def test_of_an_unknown_model_or_facet_nothing_is_known():
    assert presence_floor(of(3, "other"), "subject") is None
    assert presence_floor(of(3), "clothing") is None


def test_floors_are_cosines_of_few_references():
    for floors in known_floors().values():
        assert min(floors) == 1
        assert all(0 < floor < 1 for floor in floors.values())
