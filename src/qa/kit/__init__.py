"""The brand kit: read, validated, resolved, hashed."""
