"""What is compared with other systems are files of theirs, not tests."""

collect_ignore_glob = ["compared/*"]
