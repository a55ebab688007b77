"""报表的文件: Excel templates out and in, bulk workbooks, CSV, and the sealed copy of record."""
