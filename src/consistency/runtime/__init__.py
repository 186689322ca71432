"""Below the measures: tables, weights, inference, cache, stored forms."""
