"""方案: plan documents, what was read from them, what people decided about it, and the measures that came of it."""
