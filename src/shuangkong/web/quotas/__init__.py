"""许可、额度、交易的页面: the ledger of green certificates, who holds what, and what crosses between provinces."""
