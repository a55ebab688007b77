"""任务督办: tasks of adopted plans, and everything that was said of them (append-only)."""
