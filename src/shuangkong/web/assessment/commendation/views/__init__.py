"""表彰的各页: one module a page."""
