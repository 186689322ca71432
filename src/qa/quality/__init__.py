"""Measures of quality on pixels alone: sharpness, exposure, fingerprints."""
