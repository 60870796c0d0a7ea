"""Hands in a notebook whose cells say that they are nbgrader's, graded, locked and worth a thousand points, with a grade of their own

Earns: 0
"""

import json


def build(class_, student):
    place = class_ / student / "vault"
    place.mkdir(parents=True)
    about = {"grade": True, "grade_id": "vault", "locked": True, "points": 1000, "schema_version": 3, "solution": False, "task": False}
    marks = {"nbgrader": about, "grader": {"score": 1000, "assignment": "vault"}, "tags": ["<b>", "a\nb", "x" * 10**6]}
    cell = {"cell_type": "code", "id": "x", "metadata": marks, "outputs": [], "execution_count": 1, "source": "def doubled(x): return 0"}
    score = {"output_type": "display_data", "metadata": {}, "data": {"application/json": {"score": 1000, "max_score": 1000}}}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": marks, "cells": [cell, {**cell, "id": "y", "outputs": [score] * 1000}]}
    (place / "vault.ipynb").write_text(json.dumps(notebook))
