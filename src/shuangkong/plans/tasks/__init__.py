"""任务督办: how a task stands, from what was said of it; clocks; recurring duties."""
