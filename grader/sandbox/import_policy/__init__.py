"""What an assignment forbids: the rules, the scan of a submission's text, and their enforcement in the child."""
