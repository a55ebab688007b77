"""问责的各页: one module a page."""
