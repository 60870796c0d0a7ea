"""Submitted notebooks: read as data, and made the modules of one submission."""
