"""环境空气: the index of a day, good days, means and percentiles of months and years against their limits."""
