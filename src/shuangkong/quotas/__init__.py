"""许可、额度、交易: ledgers of what may be held, moved and used once."""
