"""The course's oracle: vectorised reference implementations, one module per topic."""
