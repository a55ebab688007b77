"""考核的各页: one module a page."""
