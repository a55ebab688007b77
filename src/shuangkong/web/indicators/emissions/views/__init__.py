"""减排核算的各页: one module a page."""
