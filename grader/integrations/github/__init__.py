"""GitHub Actions: a self-check as annotations beside the code."""
