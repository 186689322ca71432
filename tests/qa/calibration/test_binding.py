"""A binding changes with every part that a value depends on."""

from dataclasses import replace

import pytest

from qa.calibration.binding import Binding, binding_record, read_binding

BINDING = Binding("identity.tonic.subject", "identity", 1, "0" * 64, "m")


@pytest.mark.parametrize("changes", [{"rule": "x"}, {"check": "x"}, {"version": 2}, {"options": "x"}, {"model": "x"}])
def test_every_part_changes_the_key(changes: dict[str, object]) -> None:
    assert replace(BINDING, **changes).key != BINDING.key  # type: ignore[arg-type]


def test_a_binding_comes_back_as_it_was() -> None:
    assert read_binding(binding_record(BINDING)) == BINDING
    with pytest.raises(ValueError, match="changed"):
        read_binding({**binding_record(BINDING), "version": 2})
