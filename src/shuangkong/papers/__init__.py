"""公文与表格: office files in and out (.docx .xlsx .pdf)."""
