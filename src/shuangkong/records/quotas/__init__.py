"""许可、额度、交易的台账: what is held, moved and used once, entry by entry; nothing of it is ever changed."""
