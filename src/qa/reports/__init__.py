"""Reports: one record form, and what is rendered from it. Renderers read records, never the classes."""
