"""Classroom 50: autograders that run in each student's repository, and the repositories that were collected.

The folder of an autograder is published. It holds what a student's bundle holds: no reference, no secret.
"""
