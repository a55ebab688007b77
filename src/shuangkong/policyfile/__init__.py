"""政策文件: how one policy file is read: strict YAML, Decimal, dates, layers. Everything refused has a file, a line and a next step."""
