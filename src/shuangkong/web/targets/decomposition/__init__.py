"""目标分解: share out a target, compare the ways, adopt one, and see what each receiver got."""
