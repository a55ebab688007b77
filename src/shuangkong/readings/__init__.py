"""时序读数: what instruments told, kept as it came (evidence) and as columns (the store)."""
