"""统计核算的页面: figures of a place, each with the explanation of how it came about, and its course over time."""
