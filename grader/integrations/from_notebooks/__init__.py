"""Notebooks of other graders as topics of a course: read as text and syntax trees, never executed.

notebook ─► nbgrader/source.py, otter/source.py ─► Source ─► solution.py  markers ─► a solution that stubs are cut from
                                                        └──► assertions.py tests ─► examples, refusals, cases, what is left
                                                                                └──► write.py   the topic's files
"""
