"""重点工程的各页: one module a page."""
