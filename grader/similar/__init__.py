"""Work that looks copied: what two hand-ins share beyond what everybody writes. It suggests, and never changes a mark."""
