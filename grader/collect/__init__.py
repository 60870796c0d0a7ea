"""What learning systems give as «all submissions», made the layout of a class: <student>/<topic>/<topic>.py.

archive.py      the members of a zip file (or of the folder that a browser made of it), refused as a whole where one is dangerous
canvas.py, gradescope.py, moodle.py
                whose each of them is, when it was handed in, by the names and lists that those systems write
arrange.py      which file is the assignment's
people.py       what a student's folder is called: by a class list where there is one
layout.py       written, without losing what is there
"""
