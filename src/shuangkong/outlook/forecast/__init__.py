"""预测: year-end and plan-end of every tracked series, how sure that is, and what would change it (趋势研判)."""
