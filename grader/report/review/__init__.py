"""The review app: a class's records in a browser on this machine, and marks changed as `grader adjust` changes them.

serve ──► app ──► guard (host, session, form token) ──► pages ──► desk (records, changes) ──► gradebook
"""
