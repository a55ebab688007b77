"""目标分解的各页: one module a page."""
