"""接口操作: one module a subject; each operation says which action of the table of access it is."""
