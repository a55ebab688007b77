"""统计核算的结果: what the engine computed from the facts, when and by which rules; and why a figure is what it is."""
