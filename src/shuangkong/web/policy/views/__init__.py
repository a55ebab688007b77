"""Pages of the law, one module a page."""
