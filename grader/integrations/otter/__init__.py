"""Otter's assignments: read to begin a course with."""
