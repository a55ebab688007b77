"""批量导入导出: pages for tables in and out."""
