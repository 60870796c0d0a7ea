"""`python -m grader` is `grader`."""

from grader.entry import main

main()
