"""The one door to grading, also as a library: prepare, grade one, grade all."""
