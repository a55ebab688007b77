"""Words that templates speak."""
