"""What students hand in: files, zips and notebooks, as the source that is run, and when they were handed in."""
