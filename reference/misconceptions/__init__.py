"""Named wrong versions of the reference functions, one module per topic, each with the hint that a student reads."""
