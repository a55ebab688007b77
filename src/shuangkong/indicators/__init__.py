"""统计核算: what indicators are, how they are computed from facts, and how each figure is explained."""
