"""Colours that other tools wrote, as the base of a kit: design tokens, Adobe swatches, `_brand.yml`."""
