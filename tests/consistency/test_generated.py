"""Pictures that a model made: one made without the references is less like them."""

import numpy as np
import pytest

from consistency import Anchor
from consistency.embedders.embedder import load_embedder
from shared_data import shared_path

EXAMPLES = "data/generated_vs_reference/assets/examples"


@pytest.mark.parametrize("reference", ["ref1.png", "ref2.png", "ref3.png"])
def test_a_picture_made_from_the_prompt_alone_is_less_like_each_reference(reference):
    folder = shared_path(EXAMPLES)
    anchor = Anchor.from_references("x", [folder / "5many2one" / reference], embedder=load_embedder("efficientnet"))
    kept, drifted = (anchor.score(folder / each / "result.png") for each in ("5many2one", "6t2i"))
    assert drifted.facets["subject"].similarity < kept.facets["subject"].similarity
    values = [change.value for score in (kept, drifted) for change in score.changes.values()]
    assert all(value is None or np.isfinite(value) for value in values)
    assert drifted.changes["stretched"].value is None
