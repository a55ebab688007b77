"""统计核算的文书: explanations of figures that can be filed."""
