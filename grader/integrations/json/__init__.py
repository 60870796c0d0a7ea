"""JSON lines, as `grader grade --json` prints them."""
