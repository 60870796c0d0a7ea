"""What an assignment forbids to use: the rules, the scan of a text, and how they are enforced in the child."""
