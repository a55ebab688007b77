"""主要污染物总量减排核算: pollutants, formulas of source classes, what a reduction counts for, how it is recognised."""
