"""A grade as people see it."""
