"""What was graded, in the formats of grade books: Canvas, Gradescope, CSV, JSON lines."""
