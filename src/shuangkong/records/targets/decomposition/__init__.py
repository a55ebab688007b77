"""目标分解: a target, the ways of sharing it out that were tried, the one adopted, and what each receiver got."""
