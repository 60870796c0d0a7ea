"""What was graded, in the formats of grade books.

people.py       which row of a class list each student stands for
table.py        CSV, in nbgrader's columns and more
canvas.py       the rows of Canvas's own export, with our scores
gradescope.py   results.json
autograder.py   the zip that grades at Gradescope, and
gradescope_run.py
                what it runs there
"""
