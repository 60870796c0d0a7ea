"""What runs inside of the child, beside a student's code: it knows nothing but `grader.sandbox`."""
