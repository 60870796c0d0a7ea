"""The subprocess backend: an ordinary process with limits, for machines that cannot lock down."""
