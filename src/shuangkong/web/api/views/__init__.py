"""Pages about the interface, for people who write programmes for it."""
