"""Pure judging: (plan, outcomes) → verdicts, in the trusted process, next to the reference."""
