"""What is kept of a class: the store of attempts, lateness, the class list, and judging again."""
