"""Other systems: one folder each."""
