"""Pages of online reporting."""
