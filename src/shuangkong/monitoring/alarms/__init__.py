"""报警: what is out of order at an outlet, from when to when and by how much; and the case that follows from it."""
