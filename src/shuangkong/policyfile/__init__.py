"""政策文件: how one policy file is read: strict YAML, Decimal, dates, layers. What is refused has a file and a line."""
