"""Pages of the ledgers, one module a page."""
