"""问责的各页: consequences and what may be approved."""
