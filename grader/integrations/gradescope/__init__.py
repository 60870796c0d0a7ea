"""Gradescope: its bulk downloads, its results, and the autograder that it runs."""
