"""Many anchors at once score as each alone."""

import numpy as np
import pytest

from consistency.errors import InputError, SpecMismatch
from consistency.facets import Seen, nothing
from consistency.template import Template
from consistency.template_index import TemplateIndex

RNG = np.random.default_rng(0)


def unit(*shape):
    vectors = RNG.normal(size=shape)
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


def template(spec="m", size=32):
    return Template(spec, unit(3, size), np.zeros((0, size), np.float32))


TEMPLATES = {f"s{number}": template() for number in range(50)}
SEEN = Seen(unit(6, 32), (None,) * 6, "m")


def test_each_similarity_is_the_one_that_its_template_gives():
    index = TemplateIndex(TEMPLATES)
    expected = [each.score(SEEN).similarity for each in TEMPLATES.values()]
    # Float32 rounds otherwise than float64 at most in the last of the four decimals.
    np.testing.assert_allclose(index.similarities(SEEN), expected, atol=1.01e-4)
    assert np.mean(np.abs(index.similarities(SEEN) - expected) < 1e-6) > 0.9


def test_the_nearest_come_first_and_a_reference_finds_its_own_subject():
    own = Seen(TEMPLATES["s7"].references[:1], (None,), "m")
    found = TemplateIndex(TEMPLATES).nearest(own, 3)
    assert found[0][0] == "s7"
    assert [similarity for _, similarity in found] == sorted((s for _, s in found), reverse=True)


def test_of_equals_the_first_comes_first():
    twin = template()
    assert [name for name, _ in TemplateIndex({"b": twin, "a": twin}).nearest(SEEN)] == ["b", "a"]


def test_what_does_not_belong_together_is_refused():
    with pytest.raises(InputError, match="at least one"):
        TemplateIndex({})
    with pytest.raises(SpecMismatch, match="rebuild"):
        TemplateIndex({"a": template(), "b": template("n")})
    with pytest.raises(InputError, match="one size"):
        TemplateIndex({"a": template(), "b": template(size=8)})
    with pytest.raises(SpecMismatch, match="rebuild"):
        TemplateIndex(TEMPLATES).similarities(Seen(unit(1, 32), (None,), "n"))
    with pytest.raises(InputError, match="no_face"):
        TemplateIndex(TEMPLATES).similarities(nothing("m", "no_face", "no face was found"))
