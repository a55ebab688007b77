"""减排核算的页面: what is emitted, which reductions count, which base holds."""
