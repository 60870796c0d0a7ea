"""What people read, in their language, and how text that is not ours is shown."""
