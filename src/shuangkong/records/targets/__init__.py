"""目标: the targets of adopted plans and how they are shared out (目标分解)."""
