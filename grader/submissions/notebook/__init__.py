"""Submitted notebooks: read as data, and turned into the modules of one submission."""
