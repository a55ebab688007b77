"""问责: what follows from announced results, each followed to its end, and what may not be approved meanwhile."""
