"""The command line: one file a command, its options and its body together."""
