"""Messages in the reader's language, other people's text made safe to show, and files that are written whole or not at all."""
