"""Figures, printed as ratios within one run."""
