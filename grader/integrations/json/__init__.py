"""The JSON contract as a format: the lines that `grader grade --json` prints."""
