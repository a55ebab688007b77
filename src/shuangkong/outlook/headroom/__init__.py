"""用能空间账: what is left below a cap or path, for energy and each pollutant, and whether a project fits in."""
