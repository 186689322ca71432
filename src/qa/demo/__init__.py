"""A rendered campaign with planted faults: for the demo, for tests, for measuring how often the gate is right."""
