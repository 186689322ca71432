"""Repairs: what a verdict's plan proposes, done to the file's own samples and nothing else."""
