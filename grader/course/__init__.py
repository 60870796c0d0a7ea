"""A course as its author wrote it: its folder, its settings, rubrics, solutions and misconceptions."""
