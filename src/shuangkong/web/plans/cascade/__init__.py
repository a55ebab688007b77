"""上下级衔接: pages on the plans above, below, before and after a plan, on what is to come, and on who answers."""
