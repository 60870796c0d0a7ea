"""Imported in the process that forks: what a command with nbgrader's gradebook would make anew each time, before it does anything."""

import gc

import nbformat.validator
import nbgrader.api  # noqa: F401 - the tables that are described
from sqlalchemy.orm import configure_mappers

import grader.integrations.nbgrader.preprocessors
import grader.integrations.nbgrader.release
import grader.integrations.nbgrader.whole_class  # noqa: F401

configure_mappers()
for minor in (4, 5):
    nbformat.validator.get_validator(4, minor)
gc.collect()
gc.freeze()
