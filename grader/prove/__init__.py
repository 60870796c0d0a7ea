"""Proofs that a rubric holds what it promises; not needed to grade."""
