"""The subprocess backend: an ordinary process with limits, for systems that cannot lock a process down."""
