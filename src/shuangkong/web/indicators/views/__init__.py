"""Pages of figures, one module a page."""
