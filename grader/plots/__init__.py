"""Pictures of what a student's functions return, from the course's own description of them.

course/pictures.py ──► answers.py ──► Drawing ──┬─► figure.py ──► files.py    SVG or PNG, by matplotlib
what a topic shows     asks the       panels    │   images.py, curves.py: the kinds
                       functions                └─► blocks.py                 small ones on a terminal, by rich
"""
