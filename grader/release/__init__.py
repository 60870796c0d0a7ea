"""What leaves the course for students: stubs cut from the solutions."""
