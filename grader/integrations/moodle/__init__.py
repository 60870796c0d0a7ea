"""Moodle: its bulk downloads."""
