"""Messages in the reader's language, and other people's text made safe to show."""
