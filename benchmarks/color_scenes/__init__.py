"""The parts of color_truth.py: what is drawn, and what is counted."""
