"""The checks: one file each, beside the protocol and the two tables."""
