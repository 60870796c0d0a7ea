"""Grades numpy exercises: a check is data in, data out, judged elsewhere.

spec ──► plan ──► run ──► judge ──► record ──► report
rubric   steps    child   verdicts  durable    what people see

trusted: supervisor                          │  untrusted: child of the zygote
rubric, reference, seeds, expected values    │  the student's source text, numpy
planning, judging, scoring, storing          │  one step at a time, returns bytes
                  msgpack frames over a socketpair, typed, size-capped, numbered
"""
