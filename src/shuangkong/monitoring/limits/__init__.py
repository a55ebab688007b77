"""排放限值: what a standard, a place, a basin or a permit allows; the strictest in force counts."""
