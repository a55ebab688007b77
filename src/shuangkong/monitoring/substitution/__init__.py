"""缺失数据替代: gaps, and the dated rules that fill them for amounts; concentrations shown are never filled."""
