"""Faces in pictures: one file per backend."""
