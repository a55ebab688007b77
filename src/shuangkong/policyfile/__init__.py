"""策略文件: how one policy file is read: strict YAML, Decimal, dates, layers, expressions."""
