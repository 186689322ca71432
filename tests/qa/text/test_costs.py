"""What reading costs where nothing is to be read."""

import numpy as np
import pytest

from qa import BrandKit, Gate

PIXELS = np.random.default_rng(3).integers(0, 256, (200, 240, 3), np.uint8)


NOT_HERE = "text: {unexpected: {level: 'off'}, required: [{id: de, value: Ja, when: {locale: de}}]}\n"


@pytest.mark.parametrize(
    "section",
    [
        "exposure: {level: warn}\n",
        "colors: {ink: {value: '#102040'}}\n",
        f"exposure: {{level: warn}}\n{NOT_HERE}",
    ],
)
def test_a_kit_that_states_no_text_rule_loads_no_reader(section, monkeypatch):
    monkeypatch.setattr("qa.engines.load_reader", lambda *_, **__: pytest.fail("a reader was loaded"))
    gate = Gate(BrandKit.from_text(f"kit: 1\nname: small\n{section}"))
    for verdict in (gate.judge(PIXELS), *gate.stream([PIXELS, PIXELS])):
        assert verdict.findings
        assert "reader" not in verdict.engines
