"""Pictures to vectors: one file per backend."""
