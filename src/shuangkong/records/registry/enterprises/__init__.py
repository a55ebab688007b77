"""企业名录: each enterprise under one source code, over time, with the numbers by which other systems know it."""
