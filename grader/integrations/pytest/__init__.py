"""pytest: the checks of a course's exercises as tests, so that an editor's test explorer shows them.

plugin.py     what pytest loads everywhere, and therefore imports nothing
topic.py      a stub as a file of tests, its checks as items; imported when a course is found
scheduler.py  with pytest-xdist: one process for each topic
"""
