"""The models of a gate: each loaded once, and not twice for two purposes."""

from qa.engines import Engines
from qa.kit.kit import ModelOptions


def test_drawn_faces_are_told_by_the_kit_s_embedder_where_it_is_the_one_for_that():
    engines = Engines(ModelOptions())
    assert engines.drawing_test()._embedder is engines.embedder()
    assert engines.drawing_test() is engines.drawing_test()


def test_beside_another_embedder_they_are_told_by_one_of_their_own():
    engines = Engines(ModelOptions(precision="bfloat16"))
    assert engines.drawing_test()._embedder is not engines.embedder()
    assert engines.drawing_test()._embedder.spec.id == engines.drawing_test().odds.spec != engines.embedder().spec.id
